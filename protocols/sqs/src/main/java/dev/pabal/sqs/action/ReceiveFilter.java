package dev.pabal.sqs.action;

import dev.pabal.message.SqsAttribute;
import dev.pabal.sqs.queue.QueueAttribute;
import dev.pabal.sqs.wire.Parameters;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which attributes a receiver wants to see. Immutable once read. */
final class ReceiveFilter {
    private static final String ALL = "All";
    private static final String WILDCARD = ".*";

    private final Set<SystemAttribute> system = EnumSet.noneOf(SystemAttribute.class);
    private final Set<String> names = new HashSet<>();
    private final List<String> prefixes = new ArrayList<>(0);
    private boolean all;

    /** Reads what a request says; fails with {@link SqsError#INVALID_ATTRIBUTE_NAME} for a system attribute that nobody knows. */
    ReceiveFilter(Parameters request) {
        request.texts("AttributeNames").forEach(this::addSystem);
        request.texts("MessageSystemAttributeNames").forEach(this::addSystem);
        request.texts("MessageAttributeNames").forEach(this::add);
    }

    /** Attributes of queues may be asked for too, and are nowhere on a message. */
    private void addSystem(String name) {
        SystemAttribute attribute = SystemAttribute.find(name);
        if (attribute != null) {
            system.add(attribute);
        } else if (name.equals(ALL)) {
            system.addAll(EnumSet.allOf(SystemAttribute.class));
        } else if (QueueAttribute.of(name) == null) {
            throw new SqsException(SqsError.INVALID_ATTRIBUTE_NAME, "Unknown Attribute " + name + ".");
        }
    }

    private void add(String name) {
        if (name.equals(ALL) || name.equals(WILDCARD) || name.equals("*")) {
            all = true;
        } else if (name.endsWith(WILDCARD)) {
            prefixes.add(name.substring(0, name.length() - WILDCARD.length()));
        } else {
            names.add(name);
        }
    }

    boolean wants(SystemAttribute attribute) {
        return system.contains(attribute);
    }

    boolean wantsSystem() {
        return !system.isEmpty();
    }

    /** Whether no message attribute can be wanted. */
    boolean wantsNone() {
        return !all && names.isEmpty() && prefixes.isEmpty();
    }

    /** Those of the attributes that are wanted. */
    List<SqsAttribute> wanted(List<SqsAttribute> attributes) {
        if (all) {
            return attributes;
        }
        List<SqsAttribute> wanted = new ArrayList<>(attributes);
        wanted.removeIf(attribute -> !wants(attribute.name()));
        return wanted;
    }

    private boolean wants(String name) {
        if (names.contains(name)) {
            return true;
        }
        for (String prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
