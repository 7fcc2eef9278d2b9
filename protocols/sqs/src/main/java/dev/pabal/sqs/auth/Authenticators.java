package dev.pabal.sqs.auth;

import dev.pabal.log.seam.Clock;
import dev.pabal.sqs.SqsSettings;

/** Which authenticator the settings ask for. */
public final class Authenticators {
    private Authenticators() {}

    /** @param clock what the times of signatures are compared with */
    public static Authenticator of(SqsSettings settings, Clock clock) {
        boolean anybody = settings.keys().isEmpty();
        Realms realms = new Realms(settings.realm(), anybody);
        return anybody ? new AnyFromLoopback(realms) : new SignatureAuthenticator(settings.keys(), realms, clock);
    }
}
