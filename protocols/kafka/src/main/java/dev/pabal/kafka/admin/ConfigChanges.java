package dev.pabal.kafka.admin;

import dev.pabal.broker.Configs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Changes to single keys, and what they make of the configs found when their turn comes. Pure. */
final class ConfigChanges {
    private record Change(OpType operation, String name, @Nullable String value) {}

    private final Map<String, String> listDefaults;
    private final List<Change> changes = new ArrayList<>();

    /** @param listDefaults configs that are lists, with the value that holds while none is set */
    ConfigChanges(Map<String, String> listDefaults) {
        this.listDefaults = listDefaults;
    }

    /** Of all configs those that are lists, with their values. */
    static Map<String, String> lists(List<Configs.Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.type() == Configs.Type.LIST)
                .collect(Collectors.toMap(
                        Configs.Entry::name, entry -> entry.value() == null ? "" : entry.value(), (a, b) -> a));
    }

    void add(OpType operation, String name, @Nullable String value) {
        boolean forLists = operation == OpType.APPEND || operation == OpType.SUBTRACT;
        if (forLists && !listDefaults.containsKey(name)) {
            throw Errors.INVALID_CONFIG.exception(
                    "Can't " + operation + " to key " + name + " because its type is not LIST.");
        }
        changes.add(new Change(operation, name, value));
    }

    /** The configs after all changes. */
    Map<String, String> applyTo(Map<String, String> before) {
        Map<String, String> after = new HashMap<>(before);
        for (Change change : changes) {
            String value = change.value() == null ? "" : change.value();
            switch (change.operation()) {
                case SET -> after.put(change.name(), value);
                case DELETE -> after.remove(change.name());
                case APPEND -> {
                    Set<String> words = words(after, change.name());
                    words.addAll(words(value));
                    after.put(change.name(), String.join(",", words));
                }
                case SUBTRACT -> {
                    Set<String> words = words(after, change.name());
                    words.removeAll(words(value));
                    after.put(change.name(), String.join(",", words));
                }
            }
        }
        return after;
    }

    private Set<String> words(Map<String, String> configs, String name) {
        String set = configs.get(name);
        return words(set != null ? set : listDefaults.getOrDefault(name, ""));
    }

    private static Set<String> words(String list) {
        Set<String> words = new LinkedHashSet<>();
        for (String word : list.split(",", -1)) {
            if (!word.isBlank()) {
                words.add(word.trim());
            }
        }
        return words;
    }
}
