package dev.pabal.conformance;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StrangersFailuresTest {
    @Test
    void aThreadOfSomebodyElseMayFailWhileATestWaits() {
        CountDownLatch failed = new CountDownLatch(1);
        await().until(() -> {
            Thread stranger = new Thread(() -> {
                failed.countDown();
                throw new IllegalStateException("nobody's business");
            });
            stranger.setUncaughtExceptionHandler(Thread.getDefaultUncaughtExceptionHandler());
            stranger.start();
            stranger.join();
            return failed.getCount() == 0;
        });
    }
}
