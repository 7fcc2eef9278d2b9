package dev.pabal.admin;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint answers with.
 *
 * @param json what is written as JSON: maps, lists, texts, numbers; null for an empty body
 */
record Answer(int status, @Nullable Object json, Map<String, String> headers) {
    static final Answer NO_CONTENT = new Answer(204, null, Map.of());
    static final Answer CREATED = new Answer(201, null, Map.of());

    static Answer ok(Object json) {
        return new Answer(200, json, Map.of());
    }

    /** The same with these fields of the object only; a list has chosen its own. */
    Answer withOnly(Columns columns) {
        return json instanceof Map<?, ?> map ? new Answer(status, columns.of(Json.map(map)), headers) : this;
    }

    static CompletableFuture<Answer> now(Object json) {
        return CompletableFuture.completedFuture(ok(json));
    }
}
