package dev.pabal.sqs.auth;

import dev.pabal.log.seam.Clock;
import dev.pabal.sqs.SqsSettings;

/** Which authenticator the settings ask for. */
public final class Authenticators {
    private Authenticators() {}

    /** @param clock what the times of signatures are compared with */
    public static Authenticator of(SqsSettings settings, Clock clock) {
        return settings.keys().isEmpty()
                ? new AnyFromLoopback()
                : new SignatureAuthenticator(settings.keys(), settings.region(), clock);
    }
}
