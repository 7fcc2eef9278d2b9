package dev.pabal.sqs.wire;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A structure of a Query request, as a tree of the dots in its parameters' names: {@code Attribute.1.Name=x} is below {@code Attribute}, below
 * {@code 1}. Lists are read in the order of their numbers, which may have gaps; a single element may come without one
 * ({@code Attribute.Name=x}), as AWS takes it.
 */
final class QueryParameters implements Parameters {
    /** SQS's deepest name has six parts: an attribute's list value in a batch. */
    private static final int MAX_DEPTH = 8;

    private final Map<String, QueryParameters> children = new LinkedHashMap<>();
    private @Nullable String value;

    private QueryParameters() {}

    /** @throws SqsException with {@link SqsError#MALFORMED_QUERY_STRING} where a name has too many parts */
    static QueryParameters of(Map<String, String> values) {
        QueryParameters root = new QueryParameters();
        values.forEach(root::put);
        return root;
    }

    private void put(String name, String text) {
        QueryParameters node = this;
        int from = 0;
        for (int depth = 0; from <= name.length(); depth++) {
            if (depth == MAX_DEPTH) {
                throw new SqsException(SqsError.MALFORMED_QUERY_STRING, "The name of a parameter has too many parts.");
            }
            int dot = name.indexOf('.', from);
            int end = dot < 0 ? name.length() : dot;
            node = node.children.computeIfAbsent(name.substring(from, end), part -> new QueryParameters());
            from = end + 1;
        }
        node.value = text;
    }

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        children.keySet().forEach(child -> names.add(QueryShapes.jsonName(child)));
        return names;
    }

    @Override
    public @Nullable String text(String name) {
        QueryParameters child = children.get(name);
        return child == null ? null : child.value;
    }

    @Override
    public @Nullable Integer integer(String name) {
        String text = text(name);
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return Integer.valueOf(text.strip());
        } catch (NumberFormatException e) {
            throw SqsException.invalid(text, name, "Must be an integer.");
        }
    }

    @Override
    public byte @Nullable [] bytes(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new SqsException(
                    SqsError.INVALID_PARAMETER_VALUE,
                    "Value for parameter " + name + " is invalid. Reason: Must be base64.");
        }
    }

    @Override
    public @Nullable Parameters structure(String name) {
        QueryParameters child = children.get(name);
        return child == null || child.children.isEmpty() ? null : child;
    }

    @Override
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (QueryParameters element : elements(name)) {
            if (element.value != null) {
                texts.add(element.value);
            }
        }
        return texts;
    }

    @Override
    public @Nullable List<Parameters> structures(String name) {
        List<QueryParameters> elements = elements(name);
        return elements.isEmpty() ? null : new ArrayList<>(elements);
    }

    @Override
    public @Nullable Map<String, String> textMap(String name) {
        Map<String, String> map = new LinkedHashMap<>();
        for (QueryParameters element : elements(name)) {
            String text = element.text("Value");
            map.put(element.key(name), text == null ? "" : text);
        }
        return map.isEmpty() ? null : map;
    }

    @Override
    public @Nullable Map<String, Parameters> structureMap(String name) {
        Map<String, Parameters> map = new LinkedHashMap<>();
        for (QueryParameters element : elements(name)) {
            Parameters structure = element.structure("Value");
            map.put(element.key(name), structure == null ? new QueryParameters() : structure);
        }
        return map.isEmpty() ? null : map;
    }

    private String key(String map) {
        String key = text("Name");
        if (key == null) {
            key = text("Key");
        }
        if (key == null) {
            throw new SqsException(
                    SqsError.MISSING_PARAMETER,
                    "The request must contain the name of each element of the parameter " + map + ".");
        }
        return key;
    }

    /** The elements of a list or map in the order of their numbers. */
    private List<QueryParameters> elements(String name) {
        for (String spelling : QueryShapes.spellings(name)) {
            QueryParameters child = children.get(spelling);
            if (child != null) {
                return child.elements();
            }
        }
        return List.of();
    }

    private List<QueryParameters> elements() {
        TreeMap<Integer, QueryParameters> numbered = new TreeMap<>();
        boolean unnumbered = value != null;
        for (Map.Entry<String, QueryParameters> child : children.entrySet()) {
            int number = number(child.getKey());
            if (number >= 0) {
                numbered.put(number, child.getValue());
            } else if (child.getKey().equals("member") || child.getKey().equals("entry")) {
                return child.getValue().elements(); // how other services of AWS write lists and maps
            } else {
                unnumbered = true;
            }
        }
        return unnumbered && numbered.isEmpty() ? List.of(this) : new ArrayList<>(numbered.values());
    }

    private static int number(String text) {
        if (text.isEmpty() || text.length() > 9) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(text);
    }
}
