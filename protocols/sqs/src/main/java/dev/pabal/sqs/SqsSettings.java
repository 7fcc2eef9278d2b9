package dev.pabal.sqs;

import java.util.Map;

/**
 * What the operator decides.
 *
 * @param account the account that queues belong to: 12 digits, in URLs and ARNs
 * @param region in ARNs and in signatures' scopes
 * @param keys secret keys by access key id; empty = any credentials are taken, from loopback only
 * @param deleteWaitMs how long after a queue's deletion its name cannot be used again; 0 = at once
 */
public record SqsSettings(String account, String region, Map<String, String> keys, long deleteWaitMs) {
    public static final String DEFAULT_ACCOUNT = "000000000000";
    public static final String DEFAULT_REGION = "us-east-1";

    /** As long as Amazon's queues keep a name. */
    public static final long DEFAULT_DELETE_WAIT_MS = 60_000;

    public SqsSettings {
        keys = Map.copyOf(keys);
    }

    /** With Amazon's wait after deletions. */
    public SqsSettings(String account, String region, Map<String, String> keys) {
        this(account, region, keys, DEFAULT_DELETE_WAIT_MS);
    }

    public static SqsSettings defaults() {
        return new SqsSettings(DEFAULT_ACCOUNT, DEFAULT_REGION, Map.of());
    }
}
