package dev.pabal.sqs;

import dev.pabal.sqs.realm.Realm;
import java.util.Map;

/**
 * What the operator decides.
 *
 * @param account of whoever does not say another: 12 digits, in URLs and ARNs
 * @param region of requests that are not signed for another, in ARNs
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

    /** The broker's own, whose queues are kept under the names that SQS's clients give them. */
    public Realm realm() {
        return new Realm(region, account);
    }

    public static SqsSettings defaults() {
        return new SqsSettings(DEFAULT_ACCOUNT, DEFAULT_REGION, Map.of());
    }
}
