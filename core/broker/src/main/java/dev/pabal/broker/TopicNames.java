package dev.pabal.broker;

import java.util.Set;

/** Which names topics may have: Kafka's rules ({@code org.apache.kafka.common.internals.Topic}). Pure. */
final class TopicNames {
    static final int MAX_LENGTH = 249;

    /** Topics that only the broker itself makes. */
    private static final Set<String> RESERVED =
            Set.of("__consumer_offsets", "__transaction_state", "__share_group_state", "__cluster_metadata");

    private TopicNames() {}

    static boolean isReserved(String name) {
        return RESERVED.contains(name);
    }

    /**
     * Checks a name.
     *
     * @throws BrokerException {@link Refusal#INVALID_NAME}
     */
    static void check(String name) {
        if (name.isEmpty()) {
            throw invalid("the empty string is not allowed");
        }
        if (name.equals(".") || name.equals("..")) {
            throw invalid("'" + name + "' is not allowed");
        }
        if (name.length() > MAX_LENGTH) {
            throw invalid("the length of '" + name + "' is longer than the max allowed length " + MAX_LENGTH);
        }
        for (int i = 0; i < name.length(); i++) {
            if (!legal(name.charAt(i))) {
                throw invalid("'" + name
                        + "' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'");
            }
        }
    }

    /** Whether {@link #check} takes the name. */
    static boolean isLegal(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_LENGTH
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().allMatch(c -> legal((char) c));
    }

    private static boolean legal(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    /** Names that may be taken for one another in metrics, where '.' becomes '_', have the same form. */
    static String collisionForm(String name) {
        return name.replace('.', '_');
    }

    /** Whether a name can collide with another at all. */
    static boolean mayCollide(String name) {
        return name.indexOf('.') >= 0 || name.indexOf('_') >= 0;
    }

    private static BrokerException invalid(String why) {
        return new BrokerException(Refusal.INVALID_NAME, "Topic name is invalid: " + why);
    }
}
