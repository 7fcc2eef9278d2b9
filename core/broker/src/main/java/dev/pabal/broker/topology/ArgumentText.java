package dev.pabal.broker.topology;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Arguments as RabbitMQ's errors say them, and whether two of them mean the same ({@code rabbit_misc}). Pure. */
public final class ArgumentText {
    private ArgumentText() {}

    /** The name that RabbitMQ gives to the type of a field table's value. */
    public static String type(@Nullable Object value) {
        if (value instanceof String) {
            return "longstr";
        } else if (value instanceof Boolean) {
            return "bool";
        } else if (value instanceof Byte) {
            return "byte";
        } else if (value instanceof Short) {
            return "short";
        } else if (value instanceof Integer) {
            return "signedint";
        } else if (value instanceof Long) {
            return "long";
        } else if (value instanceof Float) {
            return "float";
        } else if (value instanceof Double) {
            return "double";
        } else if (value instanceof BigDecimal) {
            return "decimal";
        } else if (value instanceof Instant) {
            return "timestamp";
        } else if (value instanceof List) {
            return "array";
        } else if (value instanceof Map) {
            return "table";
        } else if (value instanceof ByteBuffer) {
            return "binary";
        }
        return "void";
    }

    static boolean isWhole(@Nullable Object value) {
        return value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long;
    }

    /**
     * Fails where two fields differ.
     *
     * @param what the queue or exchange, as errors say it
     */
    static void checkField(Object current, Object received, String what, String field) {
        if (!current.equals(received)) {
            throw differs(what, field, "'" + received + "'", "'" + current + "'");
        }
    }

    /** Fails where two arguments of that name differ in their values; numbers of all widths are one kind. */
    static void checkArgument(Map<String, Object> current, Map<String, Object> received, String what, String name) {
        Object is = current.get(name);
        Object wanted = received.get(name);
        if (!same(is, wanted)) {
            boolean both = is != null && wanted != null;
            throw differs(what, name, said(wanted, both), said(is, both));
        }
    }

    private static boolean same(@Nullable Object a, @Nullable Object b) {
        return isWhole(a) && isWhole(b)
                ? ((Number) Objects.requireNonNull(a)).longValue() == ((Number) Objects.requireNonNull(b)).longValue()
                : Objects.equals(a, b);
    }

    private static String said(@Nullable Object value, boolean plain) {
        if (value == null) {
            return "none";
        }
        return plain ? "'" + value + "'" : "the value '" + value + "' of type '" + type(value) + "'";
    }

    private static BrokerException differs(String what, String name, String received, String current) {
        return new BrokerException(
                Refusal.PRECONDITION_FAILED,
                "inequivalent arg '" + name + "' for " + what + ": received " + received + " but current is "
                        + current);
    }
}
