package dev.pabal.faults;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * For every test class here: who awaits a condition does not fail by what a thread threw that has nothing to do with it. Clients have threads of
 * their own, which complain when a test ends their connections, and Awaitility hears the threads of all tests that run at the time.
 */
public final class StrangersFailures implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }
}
