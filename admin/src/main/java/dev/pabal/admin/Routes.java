package dev.pabal.admin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which endpoint serves which method and path. Filled once, then read by any thread. */
final class Routes {
    /** Serves a call; throws or fails with an {@link ApiException} or a {@code BrokerException}. */
    interface Endpoint extends Function<Call, CompletableFuture<Answer>> {}

    /** An endpoint and what it asks of the user. */
    record Route(List<String> pattern, Rights.Needed needed, Endpoint endpoint) {
        private static final String VARIABLE = "{}";

        /** The values of the variables, null where the path is another. */
        @Nullable
        List<String> variables(List<String> segments) {
            if (segments.size() != pattern.size()) {
                return null;
            }
            List<String> variables = new ArrayList<>();
            for (int i = 0; i < pattern.size(); i++) {
                if (pattern.get(i).equals(VARIABLE)) {
                    variables.add(segments.get(i));
                } else if (!pattern.get(i).equals(segments.get(i))) {
                    return null;
                }
            }
            return variables;
        }
    }

    /** A route that fits, with its variables. */
    record Match(Route route, List<String> variables) {}

    private final Map<String, List<Route>> byMethod = new HashMap<>();

    /** @param path segments between slashes; {@code {}} stands for any one; the first route that fits serves */
    Routes add(String method, String path, Rights.Needed needed, Endpoint endpoint) {
        byMethod.computeIfAbsent(method, m -> new ArrayList<>())
                .add(new Route(List.of(path.split("/")), needed, endpoint));
        return this;
    }

    @Nullable
    Match find(String method, List<String> segments) {
        for (Route route : byMethod.getOrDefault(method, List.of())) {
            List<String> variables = route.variables(segments);
            if (variables != null) {
                return new Match(route, variables);
            }
        }
        return null;
    }

    /** The methods that the path takes, in the form of an {@code Allow} header; empty where it takes none. */
    String allowed(List<String> segments) {
        TreeSet<String> methods = new TreeSet<>();
        byMethod.forEach((method, routes) -> {
            if (routes.stream().anyMatch(route -> route.variables(segments) != null)) {
                methods.add(method);
            }
        });
        return String.join(", ", methods);
    }
}
