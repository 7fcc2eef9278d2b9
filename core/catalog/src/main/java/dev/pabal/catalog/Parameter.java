package dev.pabal.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A setting of a component that has no type of its own here: limits of a virtual host ({@code vhost-limits}) or of a user
 * ({@code user-limits}), or what definitions brought along.
 *
 * @param component whose setting
 * @param vhost where; empty for global ones
 * @param name unique within component and virtual host
 * @param value values as in {@link Arguments}
 */
public record Parameter(String component, String vhost, String name, Map<String, Object> value) {
    public Parameter {
        value = Collections.unmodifiableMap(new LinkedHashMap<>(value));
    }
}
