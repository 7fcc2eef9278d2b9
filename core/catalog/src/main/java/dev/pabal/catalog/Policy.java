package dev.pabal.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings for all queues or exchanges whose names match.
 *
 * @param vhost where
 * @param name unique within the virtual host among policies, and among operator policies
 * @param pattern regular expression, searched for in names
 * @param applyTo {@code queues}, {@code classic_queues}, {@code quorum_queues}, {@code streams}, {@code exchanges} or {@code all}
 * @param definition keys without the {@code x-} of arguments, such as {@code message-ttl}; values as in {@link Arguments}
 * @param priority the highest that matches is the one that holds
 * @param operator an operator's policy: merged over the other one, limits by the lower value
 */
public record Policy(
        String vhost,
        String name,
        String pattern,
        String applyTo,
        Map<String, Object> definition,
        int priority,
        boolean operator) {
    public Policy {
        definition = Collections.unmodifiableMap(new LinkedHashMap<>(definition));
    }
}
