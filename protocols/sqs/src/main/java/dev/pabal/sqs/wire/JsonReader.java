package dev.pabal.sqs.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a JSON request in one pass. What a client can make large is bounded: nesting by {@value #MAX_DEPTH}, names and values together
 * by {@value #MAX_VALUES} (the largest request of SQS, a batch of ten messages with all attributes, has less than a thousand), a name by
 * {@value #MAX_NAME_LENGTH} characters; texts by the body, which its receiver bounds. Any thread.
 */
public final class JsonReader {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_VALUES = 10_000;
    private static final int MAX_NAME_LENGTH = 4_096;
    private static final int MAX_NUMBER_LENGTH = 64;

    /** Names are not kept for ever: requests may hold any. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final JsonParser parser;
    private int valuesLeft = MAX_VALUES;

    private JsonReader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * The parameters in a body; an empty body has none.
     *
     * @throws SqsException with {@link SqsError#SERIALIZATION} where it is no JSON object, or goes beyond a bound
     */
    public static Parameters read(byte[] body, int at, int length) {
        if (length == 0) {
            return new JsonParameters();
        }
        try (JsonParser parser = JSON.createParser(body, at, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new SqsException(SqsError.SERIALIZATION, "The body of the request is no JSON object.");
            }
            JsonParameters parameters = new JsonReader(parser).structure();
            if (parser.nextToken() != null) {
                throw new SqsException(
                        SqsError.SERIALIZATION, "Something follows the JSON object in the request's body.");
            }
            return parameters;
        } catch (IOException e) {
            throw new SqsException(SqsError.SERIALIZATION, "The body of the request is no JSON that is taken here.");
        }
    }

    private JsonParameters structure() throws IOException {
        JsonParameters structure = new JsonParameters();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            structure.put(name, value(parser.nextToken()));
        }
        return structure;
    }

    private List<Object> list() throws IOException {
        List<Object> list = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            Object value = value(token);
            if (value == null) {
                throw new SqsException(SqsError.SERIALIZATION, "A list holds null.");
            }
            list.add(value);
        }
        return list;
    }

    private @Nullable Object value(JsonToken token) throws IOException {
        if (--valuesLeft < 0) {
            throw new SqsException(SqsError.SERIALIZATION, "The request holds more than " + MAX_VALUES + " values.");
        }
        return switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.INT
                        ? (Object) parser.getIntValue()
                        : parser.getDecimalValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case START_OBJECT -> structure();
            case START_ARRAY -> list();
            default -> null;
        };
    }
}
