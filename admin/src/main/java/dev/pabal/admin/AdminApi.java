package dev.pabal.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.broker.client.ClientConnections;
import dev.pabal.catalog.User;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management API: paths below {@code /api/} in the form of RabbitMQ's management plugin, with basic authentication. What is refused is
 * answered with {@code {"error":"...","reason":"..."}}.
 *
 * <p>Any thread may call; a call takes a hash of the password and perhaps milliseconds of work, so it is none for an event loop. Answers that
 * wait for a disk or a queue come later, on whatever thread.
 */
public final class AdminApi {
    /** Paths that are answered here begin so. */
    public static final String PREFIX = "/api/";

    private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
    private static final int MAX_BODY_BYTES = 16 << 20;
    private static final int MAX_BODY_BYTES_OF_STRANGERS = 1024;
    private static final Map<String, String> CHALLENGE = Map.of("WWW-Authenticate", "Basic realm=\"Pabal management\"");

    private final Rights rights;
    private final Routes routes = new Routes();

    public AdminApi(Broker broker, ClientConnections connections, AdminEnvironment environment) {
        String node = "pabal@" + broker.nodeId();
        this.rights = new Rights(broker);
        Figures figures = new Figures(broker);
        MessagePublisher publisher = new MessagePublisher(broker);
        ParameterResource parameters = new ParameterResource(broker);
        new OverviewResource(broker, connections, figures, environment, parameters, node).addTo(routes);
        new HealthResource(broker, environment, rights, publisher).addTo(routes);
        new ConnectionResource(connections, node).addTo(routes);
        new VhostResource(broker, rights, node).addTo(routes);
        new UserResource(broker).addTo(routes);
        new PermissionResource(broker).addTo(routes);
        new ExchangeResource(broker, rights, publisher).addTo(routes);
        new QueueResource(broker, rights, figures, new QueueShape(broker, figures, node)).addTo(routes);
        new BindingResource(broker, rights).addTo(routes);
        new PolicyResource(broker, rights).addTo(routes);
        new LimitResource(broker, rights).addTo(routes);
        parameters.addTo(routes);
        new DefinitionsResource(broker, environment, parameters).addTo(routes);
    }

    /** Most bytes of a body that are read for whoever sends this header: little until the password was right. */
    public int maxBodyBytes(@Nullable String authorization, boolean loopback) {
        return rights.user(authorization, loopback) == null ? MAX_BODY_BYTES_OF_STRANGERS : MAX_BODY_BYTES;
    }

    /** Answers a request; never fails. */
    public CompletableFuture<AdminResponse> handle(AdminRequest request) {
        try {
            return call(request).handle((answer, error) -> error == null ? response(answer) : refusal(request, error));
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(refusal(request, e));
        }
    }

    private CompletableFuture<Answer> call(AdminRequest request) {
        Query query = Query.of(request.uri());
        User user = rights.user(request.authorization(), request.loopback());
        if (user == null) {
            throw new ApiException(401, "not_authorized", "Login failed");
        }
        String method = request.method().equals("HEAD") ? "GET" : request.method();
        Routes.Match match = routes.find(method, query.segments());
        if (match == null) {
            String allowed = routes.allowed(query.segments());
            throw allowed.isEmpty()
                    ? ApiException.notFound()
                    : new ApiException(405, "method_not_allowed", "This path takes " + allowed + ".");
        }
        Call call = new Call(request, query, user, match.variables());
        rights.check(match.route().needed(), call);
        CompletableFuture<Answer> answer = match.route().endpoint().apply(call);
        boolean one = method.equals("GET") && query.parameter("page") == null;
        return one ? answer.thenApply(a -> a.withOnly(Columns.of(query.parameter("columns")))) : answer;
    }

    private static AdminResponse response(Answer answer) {
        Object json = answer.json();
        return new AdminResponse(answer.status(), answer.headers(), json == null ? new byte[0] : Json.write(json));
    }

    private static AdminResponse refusal(AdminRequest request, Throwable error) {
        Throwable cause = Cause.of(error);
        if (cause instanceof ApiException refused) {
            return refusal(refused.status(), refused.error(), refused.reason());
        }
        if (cause instanceof BrokerException refused) {
            String reason = String.valueOf(refused.getMessage());
            return switch (refused.refusal()) {
                case NOT_FOUND -> refusal(404, "Object Not Found", reason);
                case ACCESS_REFUSED -> refusal(401, "not_authorized", reason);
                case SHUTTING_DOWN, TIMED_OUT, STORAGE, DISK_FULL -> refusal(503, "unavailable", reason);
                default -> refusal(400, "bad_request", reason);
            };
        }
        LOG.error("The request {} {} could not be answered.", request.method(), request.uri(), cause);
        return refusal(500, "internal_error", "The request could not be answered; the broker's log says why.");
    }

    private static AdminResponse refusal(int status, String error, String reason) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", error);
        body.put("reason", reason);
        return new AdminResponse(status, status == 401 ? CHALLENGE : Map.of(), Json.write(body));
    }
}
