package dev.pabal.sqs.auth;

import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The path and the query of a request's target, as signatures need them: the query decoded, each name with all its values.
 *
 * @param path as received
 * @param values by name, in the order received
 */
record QueryString(String path, Map<String, List<String>> values) {
    /** @throws SqsException with {@link SqsError#MALFORMED_QUERY_STRING} where an escape is none */
    static QueryString of(String uri) {
        int mark = uri.indexOf('?');
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String pair : uri.substring(mark + 1).split("&")) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String name = equals < 0 ? pair : pair.substring(0, equals);
                    String value = equals < 0 ? "" : pair.substring(equals + 1);
                    values.computeIfAbsent(decoded(name), any -> new ArrayList<>())
                            .add(decoded(value));
                }
            }
        }
        return new QueryString(mark < 0 ? uri : uri.substring(0, mark), values);
    }

    /** The first value of a parameter, empty where it is absent. */
    String first(String name) {
        List<String> all = values.get(name);
        return all == null ? "" : all.get(0);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new SqsException(
                    SqsError.MALFORMED_QUERY_STRING,
                    "The query of the URL holds a % that is not followed by two hexadecimal digits.");
        }
    }
}
