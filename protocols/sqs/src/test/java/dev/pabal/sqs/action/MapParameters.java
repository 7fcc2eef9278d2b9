package dev.pabal.sqs.action;

import dev.pabal.sqs.wire.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parameters out of a map. */
@SuppressWarnings("unchecked")
record MapParameters(Map<String, Object> values) implements Parameters {
    @Override
    public Set<String> names() {
        return values.keySet();
    }

    @Override
    public String text(String name) {
        return (String) values.get(name);
    }

    @Override
    public Integer integer(String name) {
        return (Integer) values.get(name);
    }

    @Override
    public byte[] bytes(String name) {
        return (byte[]) values.get(name);
    }

    @Override
    public Parameters structure(String name) {
        return values.get(name) instanceof Map<?, ?> map ? new MapParameters((Map<String, Object>) map) : null;
    }

    @Override
    public List<String> texts(String name) {
        return (List<String>) values.getOrDefault(name, List.of());
    }

    @Override
    public List<Parameters> structures(String name) {
        return values.get(name) instanceof List<?> list
                ? list.stream()
                        .map(map -> (Parameters) new MapParameters((Map<String, Object>) map))
                        .toList()
                : null;
    }

    @Override
    public Map<String, String> textMap(String name) {
        return (Map<String, String>) values.get(name);
    }

    @Override
    public Map<String, Parameters> structureMap(String name) {
        if (!(values.get(name) instanceof Map<?, ?> map)) {
            return null;
        }
        Map<String, Parameters> structures = new LinkedHashMap<>();
        ((Map<String, Object>) map)
                .forEach((key, value) -> structures.put(key, new MapParameters((Map<String, Object>) value)));
        return structures;
    }
}
