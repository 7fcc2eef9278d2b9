package dev.pabal.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields that are shown of an object, or of each in a listing: all, or those named in {@code columns=a,b.c}, where a dot leads into an object. */
record Columns(List<String> names) {
    static Columns of(@Nullable String parameter) {
        return new Columns(parameter == null || parameter.isBlank() ? List.of() : List.of(parameter.split(",")));
    }

    Object of(Map<String, Object> item) {
        if (names.isEmpty()) {
            return item;
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        for (String name : names) {
            copy(item, name.strip(), shown);
        }
        return shown;
    }

    private static void copy(Map<?, ?> from, String name, Map<String, Object> to) {
        int dot = name.indexOf('.');
        String head = dot < 0 ? name : name.substring(0, dot);
        Object value = from.get(head);
        if (value == null) {
            return;
        }
        if (dot < 0) {
            to.put(head, value);
        } else if (value instanceof Map<?, ?> inner) {
            Map<String, Object> part =
                    to.get(head) instanceof Map<?, ?> begun ? Json.map(begun) : new LinkedHashMap<>();
            copy(inner, name.substring(dot + 1), part);
            to.put(head, part);
        }
    }

    /** The value at a name with dots, null where there is none. */
    static @Nullable Object at(Map<?, ?> item, String name) {
        Object value = item.get(name);
        int dot = name.indexOf('.');
        if (value != null || dot < 0) {
            return value;
        }
        return item.get(name.substring(0, dot)) instanceof Map<?, ?> inner ? at(inner, name.substring(dot + 1)) : null;
    }
}
