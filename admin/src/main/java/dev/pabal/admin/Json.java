package dev.pabal.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plain maps, lists and values to JSON and back. Whole numbers are read as {@link Long}, as declarations take them. */
final class Json {
    private static final int MAX_DEPTH = 64;
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer that is no JSON", e);
        }
    }

    /**
     * The object in the body; an empty body is an empty object.
     *
     * @throws ApiException 400 where it is no JSON object
     */
    static Map<String, Object> object(byte[] body) {
        if (body.length == 0) {
            return Map.of();
        }
        try {
            Object value = MAPPER.readValue(body, Object.class);
            if (value instanceof Map<?, ?> map) {
                return map(map);
            }
            throw new ApiException(400, "not_json", "The body is not a JSON object.");
        } catch (IOException e) {
            throw new ApiException(400, "not_json", "The body is not JSON.");
        }
    }

    /** The map with its keys as text, as every map read from JSON is. */
    @SuppressWarnings("NullAway") // A value may be null.
    static Map<String, Object> map(Map<?, ?> map) {
        Map<String, Object> typed = new LinkedHashMap<>();
        map.forEach((key, value) -> typed.put(String.valueOf(key), value));
        return typed;
    }

    /** Values of arguments in a form that JSON has: bytes as text, times as seconds. */
    static @Nullable Object shown(@Nullable Object value) {
        if (value instanceof ByteBuffer bytes) {
            return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        }
        if (value instanceof Instant time) {
            return time.getEpochSecond();
        }
        if (value instanceof Map<?, ?> map) {
            return shown(map);
        }
        return value instanceof List<?> list
                ? list.stream().map(each -> shown((Object) each)).toList()
                : value;
    }

    @SuppressWarnings("NullAway") // A value may be null.
    static Map<String, Object> shown(Map<?, ?> map) {
        Map<String, Object> shown = new LinkedHashMap<>();
        map.forEach((key, value) -> shown.put(String.valueOf(key), shown(value)));
        return shown;
    }
}
