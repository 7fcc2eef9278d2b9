package dev.pabal.broker;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One config: what it is called, what it takes and what holds where nobody sets it. Pure.
 *
 * @param name Kafka's name
 * @param defaultValue null where the config is unset by default
 * @param rule what its values must be beyond their type
 * @param documentation one sentence; says so where the config is taken but has no effect here
 * @param synonyms broker configs that stand behind a topic's or a group's, nearest first
 * @param dynamic whether it can be changed while the broker runs
 */
record ConfigDefinition(
        String name,
        Configs.Type type,
        @Nullable String defaultValue,
        Rule rule,
        String documentation,
        List<BrokerSynonym> synonyms,
        boolean dynamic) {

    /**
     * A broker config that stands behind another.
     *
     * @param factor what its value is multiplied by, where it counts in another unit; 1 otherwise
     */
    record BrokerSynonym(String name, long factor) {}

    /** Says what is wrong with a value, null where nothing is. */
    @FunctionalInterface
    interface Rule {
        @Nullable
        String objection(String value);

        Rule ANY = value -> null;

        /** A number of at least {@code min}. */
        static Rule atLeast(double min) {
            return value -> Double.parseDouble(value) < min ? "Value must be at least " + plain(min) : null;
        }

        /** A number of at least {@code min} and at most {@code max}. */
        static Rule between(double min, double max) {
            return value -> {
                String tooSmall = atLeast(min).objection(value);
                return tooSmall == null && Double.parseDouble(value) > max
                        ? "Value must be no more than " + plain(max)
                        : tooSmall;
            };
        }

        /** One of some words. */
        static Rule oneOf(String... words) {
            return value ->
                    Arrays.asList(words).contains(value) ? null : "String must be one of: " + String.join(", ", words);
        }

        /** A list, which may be empty, of some words, none of them twice. */
        static Rule listOf(String... words) {
            return value -> {
                if (value.isEmpty()) {
                    return null;
                }
                Set<String> seen = new HashSet<>();
                for (String element : value.split(",", -1)) {
                    String word = element.trim();
                    if (!Arrays.asList(words).contains(word)) {
                        return "String must be one of: " + String.join(", ", words);
                    }
                    if (!seen.add(word)) {
                        return "it holds " + word + " more than once";
                    }
                }
                return null;
            };
        }

        private static String plain(double number) {
            return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
        }
    }

    /**
     * Checks a value.
     *
     * @throws BrokerException {@link Refusal#INVALID_CONFIG}
     */
    void check(String value) {
        String objection = typeObjection(value.trim());
        if (objection == null) {
            objection = rule.objection(value.trim());
        }
        if (objection != null) {
            throw new BrokerException(
                    Refusal.INVALID_CONFIG, "Invalid value " + value + " for configuration " + name + ": " + objection);
        }
    }

    private @Nullable String typeObjection(String value) {
        try {
            switch (type) {
                case BOOLEAN -> {
                    String word = value.toLowerCase(Locale.ROOT);
                    return word.equals("true") || word.equals("false")
                            ? null
                            : "Expected value to be either true or false";
                }
                case INT -> Integer.parseInt(value);
                case SHORT -> Short.parseShort(value);
                case LONG -> Long.parseLong(value);
                case DOUBLE -> {
                    return Double.isFinite(Double.parseDouble(value)) ? null : "Not a number of type DOUBLE";
                }
                case STRING, LIST, CLASS, PASSWORD -> {
                    return null;
                }
            }
            return null;
        } catch (NumberFormatException e) {
            return "Not a number of type " + type;
        }
    }
}
