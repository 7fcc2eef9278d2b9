package dev.pabal.sqs.queue;

import dev.pabal.sqs.realm.Realm;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import org.jspecify.annotations.Nullable;

/**
 * Which queue is meant, whether it is there or not.
 *
 * @param realm whose it is
 * @param name its name there
 */
public record QueueAddress(Realm realm, String name) {
    private static final int ARN_PARTS = 6;
    private static final int ACCOUNT_AND_SLASH = 13;

    /**
     * The queue at a URL, by the last two parts of its path: account and name. Any host is as good as another; a bare name, and a URL without
     * an account, mean the caller's.
     *
     * @throws SqsException {@link SqsError#INVALID_ADDRESS} where there is no name
     */
    public static QueueAddress in(String url, Realm caller) {
        int end = url.length();
        while (end > 0 && url.charAt(end - 1) == '/') {
            end--;
        }
        int hostAt = url.indexOf("://") + 3;
        int nameAt = url.lastIndexOf('/', end - 1) + 1;
        if (nameAt >= end || hostAt > 2 && nameAt <= hostAt) {
            throw new SqsException(SqsError.INVALID_ADDRESS, "The address " + url + " is not valid for this endpoint.");
        }
        int accountAt = nameAt - ACCOUNT_AND_SLASH;
        boolean named = Realm.isAccountAt(url, accountAt)
                && (accountAt == 0 || url.charAt(accountAt - 1) == '/')
                && !(hostAt > 2 && accountAt <= hostAt);
        boolean callers = !named || url.startsWith(caller.account(), accountAt);
        return new QueueAddress(
                callers ? caller : caller.inAccount(url.substring(accountAt, nameAt - 1)), url.substring(nameAt, end));
    }

    /** The queue that an ARN names, null where it is no ARN of a queue. */
    static @Nullable QueueAddress ofArn(String arn) {
        String[] parts = arn.split(":", ARN_PARTS + 1);
        boolean good = parts.length == ARN_PARTS
                && Realm.isRegion(parts[3], 0, parts[3].length())
                && Realm.isAccount(parts[4])
                && !parts[5].isEmpty();
        if (!good) {
            return null;
        }
        Realm realm = new Realm(parts[3], parts[4]);
        return realm.arn(parts[5]).equals(arn) ? new QueueAddress(realm, parts[5]) : null;
    }
}
