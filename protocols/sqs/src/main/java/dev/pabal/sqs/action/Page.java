package dev.pabal.sqs.action;

import dev.pabal.sqs.wire.Parameters;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list of names in order. The token says the name behind which the next part begins, so that it stays good while queues come and go.
 *
 * @param names of this part
 * @param nextToken where the next begins; null where there is none, or the client did not ask for parts
 */
record Page(List<String> names, @Nullable String nextToken) {
    private static final int MOST = 1_000;

    /**
     * The part that the request asks for.
     *
     * @param from names in order, those from the given one on among them; asked for as many as are needed
     */
    static Page of(Parameters parameters, Function<String, Stream<String>> from) {
        Integer wanted = parameters.integer("MaxResults", 1, MOST);
        String token = parameters.text("NextToken");
        String after = token == null || token.isEmpty() ? "" : decoded(token);
        int most = wanted == null ? MOST : wanted;
        List<String> found = from.apply(after)
                .filter(name -> name.compareTo(after) > 0)
                .limit(most + 1L)
                .toList();
        boolean more = wanted != null && found.size() > most;
        List<String> names = found.subList(0, Math.min(found.size(), most));
        return new Page(names, more ? encoded(names.get(names.size() - 1)) : null);
    }

    private static String encoded(String name) {
        return Base64.getUrlEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new SqsException(SqsError.INVALID_PARAMETER_VALUE, "Invalid or expired next token.");
        }
    }
}
