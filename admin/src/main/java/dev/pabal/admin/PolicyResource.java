package dev.pabal.admin;

import dev.pabal.admin.Rights.Needed;
import dev.pabal.broker.Broker;
import dev.pabal.catalog.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code /api/policies} and {@code /api/operator-policies}. */
final class PolicyResource {
    private final Broker broker;
    private final Rights rights;

    PolicyResource(Broker broker, Rights rights) {
        this.broker = broker;
        this.rights = rights;
    }

    void addTo(Routes routes) {
        add(routes, "api/policies", false, Needed.POLICY);
        add(routes, "api/operator-policies", true, Needed.ADMINISTRATOR);
    }

    private void add(Routes routes, String path, boolean operator, Needed toChange) {
        routes.add("GET", path, Needed.LOGIN, call -> list(call, operator))
                .add("GET", path + "/{}", Needed.VHOST, call -> Listing.of(Policy::name, Shapes::policy)
                        .answer(call, List.of(of(call.vhost(), operator))))
                .add("GET", path + "/{}/{}", Needed.VHOST, call -> Answer.now(Shapes.policy(one(call, operator))))
                .add("PUT", path + "/{}/{}", toChange, call -> set(call, operator))
                .add("DELETE", path + "/{}/{}", toChange, call -> {
                    Policy policy = one(call, operator);
                    return broker.topology()
                            .administration()
                            .deletePolicy(policy.vhost(), policy.name(), operator)
                            .thenApply(nothing -> Answer.NO_CONTENT);
                });
    }

    private List<Policy> of(String vhost, boolean operator) {
        return broker.catalog().policies(vhost).stream()
                .filter(policy -> policy.operator() == operator)
                .toList();
    }

    private CompletableFuture<Answer> list(Call call, boolean operator) {
        List<List<Policy>> parts = new ArrayList<>();
        rights.visible(call).forEach(vhost -> parts.add(of(vhost.name(), operator)));
        return Listing.of(Policy::name, Shapes::policy).answer(call, parts);
    }

    private Policy one(Call call, boolean operator) {
        return of(call.vhost(), operator).stream()
                .filter(policy -> policy.name().equals(call.variable(1)))
                .findFirst()
                .orElseThrow(ApiException::notFound);
    }

    private CompletableFuture<Answer> set(Call call, boolean operator) {
        boolean existed = of(call.vhost(), operator).stream()
                .anyMatch(policy -> policy.name().equals(call.variable(1)));
        return broker.topology()
                .administration()
                .setPolicy(ofBody(call.vhost(), call.variable(1), call.body(), operator))
                .thenApply(nothing -> existed ? Answer.NO_CONTENT : Answer.CREATED);
    }

    /** The policy that a body describes. */
    static Policy ofBody(String vhost, String name, Call.Body body, boolean operator) {
        String applyTo = body.text("apply-to", operator ? "queues" : "all");
        return new Policy(
                vhost,
                name,
                body.text("pattern"),
                applyTo == null ? "all" : applyTo,
                body.table("definition"),
                body.number("priority", 0),
                operator);
    }
}
