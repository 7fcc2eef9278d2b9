package dev.pabal.sqs.auth;

import dev.pabal.sqs.realm.Realm;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;

/**
 * In which realm a request is made: the region is that of its credential's scope, whatever region that is. Where keys are not configured, an
 * access key id of 12 digits is the account, as in other emulators; otherwise it is the broker's own.
 */
final class Realms {
    private final Realm own;
    private final boolean idsAreAccounts;

    /**
     * @param own the broker's, by its configuration
     * @param idsAreAccounts whether an access key id may be an account: nobody is kept from any
     */
    Realms(Realm own, boolean idsAreAccounts) {
        this.own = own;
        this.idsAreAccounts = idsAreAccounts;
    }

    Realm own() {
        return own;
    }

    /**
     * The realm of a request with that key and that region.
     *
     * @param text holds the region, from {@code from} to before {@code to}
     * @throws SqsException where it can be none
     */
    Realm of(String accessKeyId, String text, int from, int to) {
        boolean inOwnRegion = to - from == own.region().length() && text.startsWith(own.region(), from);
        if (inOwnRegion) {
            return inOwnRegion(accessKeyId);
        }
        if (!Realm.isRegion(text, from, to)) {
            throw new SqsException(
                    SqsError.SIGNATURE_DOES_NOT_MATCH,
                    "Credential should be scoped to a valid region, not '" + text.substring(from, to)
                            + "': 1 to 32 small letters, digits and hyphens.");
        }
        return new Realm(text.substring(from, to), inOwnRegion(accessKeyId).account());
    }

    /** The realm of a request with that key that names no region. */
    Realm inOwnRegion(String accessKeyId) {
        return idsAreAccounts && Realm.isAccount(accessKeyId) ? own.inAccount(accessKeyId) : own;
    }
}
