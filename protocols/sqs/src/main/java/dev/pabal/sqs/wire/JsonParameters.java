package dev.pabal.sqs.wire;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A structure of a JSON request. Values are what {@link JsonReader} makes of them: String, Integer, BigDecimal, Boolean, JsonParameters, or a
 * List of those; null stands for a parameter that is absent. Errors are in the words of AWS's own JSON reader.
 */
final class JsonParameters implements Parameters {
    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** Sets a value; a name that comes twice keeps the later one. */
    void put(String name, @Nullable Object value) {
        if (value == null) {
            values.remove(name);
        } else {
            values.put(name, value);
        }
    }

    @Override
    public Set<String> names() {
        return values.keySet();
    }

    @Override
    public @Nullable String text(String name) {
        Object value = values.get(name);
        return value == null ? null : text(value);
    }

    @Override
    public @Nullable Integer integer(String name) {
        Object value = values.get(name);
        if (value == null || value instanceof Integer) {
            return (Integer) value;
        }
        throw value instanceof BigDecimal
                ? new SqsException(SqsError.SERIALIZATION, "NUMBER_VALUE can not be converted to an Integer")
                : wrongKind(value, "an Integer");
    }

    @Override
    public byte @Nullable [] bytes(String name) {
        Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)) {
            throw wrongKind(value, "a Blob");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new SqsException(SqsError.SERIALIZATION, "The value of " + name + " is not base64.");
        }
    }

    @Override
    public @Nullable Parameters structure(String name) {
        Object value = values.get(name);
        return value == null ? null : structure(value);
    }

    @Override
    public List<String> texts(String name) {
        List<?> list = list(name);
        if (list == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>(list.size());
        for (Object value : list) {
            texts.add(text(value));
        }
        return texts;
    }

    @Override
    public @Nullable List<Parameters> structures(String name) {
        List<?> list = list(name);
        if (list == null) {
            return null;
        }
        List<Parameters> structures = new ArrayList<>(list.size());
        for (Object value : list) {
            structures.add(structure(value));
        }
        return structures;
    }

    @Override
    public @Nullable Map<String, String> textMap(String name) {
        JsonParameters map = map(name);
        if (map == null) {
            return null;
        }
        Map<String, String> texts = new LinkedHashMap<>();
        map.values.forEach((key, value) -> {
            if (value != null) {
                texts.put(key, text(value));
            }
        });
        return texts;
    }

    @Override
    public @Nullable Map<String, Parameters> structureMap(String name) {
        JsonParameters map = map(name);
        if (map == null) {
            return null;
        }
        Map<String, Parameters> structures = new LinkedHashMap<>();
        map.values.forEach((key, value) -> {
            if (value != null) {
                structures.put(key, structure(value));
            }
        });
        return structures;
    }

    private @Nullable List<?> list(String name) {
        Object value = values.get(name);
        if (value == null || value instanceof List<?>) {
            return (List<?>) value;
        }
        throw value instanceof JsonParameters
                ? new SqsException(SqsError.SERIALIZATION, "Start of structure or map found where not expected.")
                : new SqsException(SqsError.SERIALIZATION, "Expected list or null");
    }

    private @Nullable JsonParameters map(String name) {
        Object value = values.get(name);
        return value == null ? null : structure(value);
    }

    private static JsonParameters structure(Object value) {
        if (value instanceof JsonParameters structure) {
            return structure;
        }
        throw value instanceof List<?>
                ? new SqsException(SqsError.SERIALIZATION, "Start of list found where not expected")
                : new SqsException(SqsError.SERIALIZATION, "Expected null");
    }

    private static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw wrongKind(value, "a String");
    }

    private static SqsException wrongKind(Object value, String wanted) {
        if (value instanceof JsonParameters) {
            return new SqsException(SqsError.SERIALIZATION, "Start of structure or map found where not expected.");
        }
        if (value instanceof List<?>) {
            return new SqsException(SqsError.SERIALIZATION, "Unexpected start of list");
        }
        String kind = value instanceof Boolean b
                ? (b ? "TRUE_VALUE" : "FALSE_VALUE")
                : value instanceof String ? "STRING_VALUE" : "NUMBER_VALUE";
        return new SqsException(SqsError.SERIALIZATION, kind + " can not be converted to " + wanted);
    }
}
