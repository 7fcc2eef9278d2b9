package dev.pabal.sqs;

import java.util.Map;

/**
 * What the operator decides.
 *
 * @param account the account that queues belong to: 12 digits, in URLs and ARNs
 * @param region in ARNs and in signatures' scopes
 * @param keys secret keys by access key id; empty = any credentials are taken, from loopback only
 */
public record SqsSettings(String account, String region, Map<String, String> keys) {
    public static final String DEFAULT_ACCOUNT = "000000000000";
    public static final String DEFAULT_REGION = "us-east-1";

    public SqsSettings {
        keys = Map.copyOf(keys);
    }

    public static SqsSettings defaults() {
        return new SqsSettings(DEFAULT_ACCOUNT, DEFAULT_REGION, Map.of());
    }
}
