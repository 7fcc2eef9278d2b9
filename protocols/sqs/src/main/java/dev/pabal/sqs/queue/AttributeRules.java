package dev.pabal.sqs.queue;

import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which attributes a queue takes, with which values: SQS's rules and words. Pure. */
public final class AttributeRules {
    private static final String ONE_ENCRYPTION =
            "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.";

    private AttributeRules() {}

    /**
     * Checks what a client says, each attribute for itself.
     *
     * @param fifo whether the queue is, or is to be, a FIFO queue
     * @return the values in the form in which they are kept; an empty one takes its attribute away
     * @throws SqsException {@link SqsError#INVALID_ATTRIBUTE_NAME} or {@link SqsError#INVALID_ATTRIBUTE_VALUE}; documents that are none of
     *     their kind: {@link SqsError#INVALID_PARAMETER_VALUE}
     */
    public static Map<QueueAttribute, String> accept(Map<String, String> said, boolean fifo) {
        Map<QueueAttribute, String> accepted = new EnumMap<>(QueueAttribute.class);
        said.forEach((name, value) -> {
            QueueAttribute attribute = known(name, fifo);
            accepted.put(attribute, value.isEmpty() && attribute.removable() ? "" : value(attribute, value));
        });
        if ("true".equals(accepted.get(QueueAttribute.MANAGED_SSE))
                && !accepted.getOrDefault(QueueAttribute.KMS_KEY, "").isEmpty()) {
            throw new SqsException(SqsError.INVALID_ATTRIBUTE_NAME, ONE_ENCRYPTION);
        }
        return accepted;
    }

    private static QueueAttribute known(String name, boolean fifo) {
        QueueAttribute attribute = QueueAttribute.of(name);
        if (attribute == null || !attribute.settable()) {
            throw unknown(name);
        }
        if (attribute.fifoOnly() && !fifo) {
            throw switch (attribute) {
                case DEDUPLICATION_SCOPE, FIFO_THROUGHPUT ->
                    new SqsException(
                            SqsError.INVALID_ATTRIBUTE_NAME,
                            "You can specify the " + name + " only when FifoQueue is set to true.");
                default -> unknown(name);
            };
        }
        return attribute;
    }

    /** The refusal of a name that is no attribute's. */
    public static SqsException unknown(String name) {
        return new SqsException(SqsError.INVALID_ATTRIBUTE_NAME, "Unknown Attribute " + name + ".");
    }

    private static String value(QueueAttribute attribute, String value) {
        String accepted = attribute.accepted(value);
        if (accepted == null) {
            throw invalid(attribute, "");
        }
        switch (attribute) {
            case FIFO -> {
                if (accepted.equals("false")) {
                    throw invalid(attribute, " Reason: Modifying queue type is not supported.");
                }
            }
            case POLICY -> {
                if (Documents.object(value) == null) {
                    throw invalid(attribute, "");
                }
            }
            case REDRIVE_POLICY -> RedrivePolicy.parse(value);
            case REDRIVE_ALLOW_POLICY -> RedriveAllowPolicy.parse(value);
            default -> {
                // The form was all there is to check.
            }
        }
        return accepted;
    }

    private static SqsException invalid(QueueAttribute attribute, String reason) {
        return new SqsException(
                SqsError.INVALID_ATTRIBUTE_VALUE,
                "Invalid value for the parameter " + attribute.label() + "." + reason);
    }

    /** Which attributes are said once {@code accepted} was set; also what the setting of one means for another. */
    public static Map<String, String> merge(Map<String, String> before, Map<QueueAttribute, String> accepted) {
        Map<String, String> said = new LinkedHashMap<>(before);
        if ("true".equals(accepted.get(QueueAttribute.MANAGED_SSE))) {
            said.remove(QueueAttribute.KMS_KEY.label());
            said.remove(QueueAttribute.KMS_REUSE.label());
        }
        if (!accepted.getOrDefault(QueueAttribute.KMS_KEY, "").isEmpty()) {
            said.remove(QueueAttribute.MANAGED_SSE.label());
        }
        accepted.forEach((attribute, value) -> {
            if (value.isEmpty()) {
                said.remove(attribute.label());
            } else {
                said.put(attribute.label(), value);
            }
        });
        return said;
    }

    /** Checks attributes that depend on one another. */
    public static void checkTogether(QueueAttributes attributes) {
        if ("perMessageGroupId".equals(attributes.value(QueueAttribute.FIFO_THROUGHPUT))
                && !attributes.deduplicatesPerGroup()) {
            throw invalid(
                    QueueAttribute.FIFO_THROUGHPUT,
                    " Reason: The perMessageGroupId value is allowed only when the value for DeduplicationScope is"
                            + " messageGroup.");
        }
    }

    /** The first attribute whose value differs from what holds for a queue, null where there is none. */
    public static @Nullable QueueAttribute firstDifference(
            QueueAttributes existing, Map<QueueAttribute, String> accepted) {
        for (Map.Entry<QueueAttribute, String> said : accepted.entrySet()) {
            String holds = Objects.requireNonNullElse(existing.value(said.getKey()), "");
            if (!same(said.getKey(), holds, said.getValue())) {
                return said.getKey();
            }
        }
        return null;
    }

    private static boolean same(QueueAttribute attribute, String holds, String said) {
        if (holds.equals(said)) {
            return true;
        }
        if (holds.isEmpty() || said.isEmpty()) {
            return false;
        }
        return switch (attribute) {
            case REDRIVE_POLICY -> RedrivePolicy.parse(holds).equals(RedrivePolicy.parse(said));
            case REDRIVE_ALLOW_POLICY -> RedriveAllowPolicy.parse(holds).equals(RedriveAllowPolicy.parse(said));
            case POLICY -> Objects.equals(Documents.object(holds), Documents.object(said));
            default -> false;
        };
    }
}
