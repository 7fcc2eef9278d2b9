package dev.pabal.sqs.queue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which queues may name a queue as their dead-letter queue.
 *
 * @param permission {@code allowAll}, {@code denyAll} or {@code byQueue}
 * @param sources with {@code byQueue} the ARNs of those that may, at most 10
 */
public record RedriveAllowPolicy(String permission, List<String> sources) {
    private static final String BY_QUEUE = "byQueue";
    private static final List<String> PERMISSIONS = List.of("allowAll", "denyAll", BY_QUEUE);
    private static final int MAX_SOURCES = 10;

    public RedriveAllowPolicy {
        sources = List.copyOf(sources);
    }

    /** Reads the attribute's value. Fails with {@link SqsError#INVALID_PARAMETER_VALUE} where it is none. */
    public static RedriveAllowPolicy parse(String text) {
        JsonNode json = Documents.object(text);
        if (json == null) {
            throw invalid(text, "Redrive allow policy is not a valid JSON map.");
        }
        String permission = json.path("redrivePermission").asText("");
        if (!PERMISSIONS.contains(permission)) {
            throw invalid(text, "Invalid value for redrivePermission, valid values are " + PERMISSIONS + ".");
        }
        List<String> sources = new ArrayList<>();
        json.path("sourceQueueArns").forEach(arn -> sources.add(arn.asText()));
        boolean byQueue = permission.equals(BY_QUEUE);
        if (byQueue ? sources.isEmpty() || sources.size() > MAX_SOURCES : !sources.isEmpty()) {
            throw invalid(
                    text,
                    byQueue
                            ? "sourceQueueArns must name 1 to " + MAX_SOURCES + " queues."
                            : "sourceQueueArns is allowed only where redrivePermission is byQueue.");
        }
        return new RedriveAllowPolicy(permission, sources);
    }

    /** Whether that queue may. */
    public boolean allows(String sourceArn) {
        return permission.equals("allowAll") || sources.contains(sourceArn);
    }

    private static SqsException invalid(String text, String reason) {
        return SqsException.invalid(text, "RedriveAllowPolicy", reason);
    }
}
