package dev.pabal.sqs.realm;

/**
 * Who asks.
 *
 * @param accessKeyId by which key; {@link #UNSIGNED} where nobody says
 * @param realm where the queues are that it names, unless it says otherwise
 */
public record Caller(String accessKeyId, Realm realm) {
    /** The id of whoever signs nothing. */
    public static final String UNSIGNED = "unsigned";
}
