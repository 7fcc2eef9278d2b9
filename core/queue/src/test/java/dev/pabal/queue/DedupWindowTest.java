package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DedupWindowTest {
    private static final long WINDOW_MS = 300_000;
    private static final int IDS = 300_000;

    @Test
    void aFullWindowRefusesWhatIsNewAndKnowsWhatIsNot() {
        DedupWindow window = new DedupWindow();
        for (int id = 0; id < 100; id++) {
            assertThat(window.claim(id, 7, id, WINDOW_MS, 100)).isEqualTo(QueueView.NEW);
            window.remember(id, 7, 1000 + id, id, WINDOW_MS, 100);
        }
        assertThat(window.claim(100, 7, 100, WINDOW_MS, 100)).isEqualTo(QueueView.FULL);
        assertThat(window.claim(99, 7, 100, WINDOW_MS, 100)).isEqualTo(1099);
        assertThat(window.remember(100, 7, 5000, 100, WINDOW_MS, 100)).isEqualTo(QueueView.FULL);
        assertThat(window.claim(100, 7, WINDOW_MS, WINDOW_MS, 100)).isEqualTo(QueueView.NEW);
        assertThat(window.size()).isEqualTo(100);
    }

    @Test
    void aFailedAppendFreesItsId() {
        DedupWindow window = new DedupWindow();
        assertThat(window.claim(1, 2, 10, WINDOW_MS, 10)).isEqualTo(QueueView.NEW);
        assertThat(window.claim(1, 2, 11, WINDOW_MS, 10)).isEqualTo(QueueView.UNDER_WAY);
        window.unclaim(1, 2);
        assertThat(window.claim(1, 2, 12, WINDOW_MS, 10)).isEqualTo(QueueView.NEW);
        assertThat(window.remember(1, 2, 77, 13, WINDOW_MS, 10)).isEqualTo(DedupWindow.ABSENT);
        window.unclaim(1, 2);
        assertThat(window.claim(1, 2, 14, WINDOW_MS, 10)).isEqualTo(77);
    }

    @Test
    void manyIdsComeBackFromTheirPiecesAndGoInTheirTime() {
        DedupWindow window = new DedupWindow();
        for (int id = 0; id < IDS; id++) {
            assertThat(window.claim(id, ~id, id, WINDOW_MS, IDS)).isEqualTo(QueueView.NEW);
            window.remember(id, ~id, 2L * id, id, WINDOW_MS, IDS);
        }
        List<ByteBuffer> pieces = new ArrayList<>();
        window.write(
                0,
                (number, bytes) -> pieces.add(
                        ByteBuffer.allocate(bytes.size()).put(bytes.view()).flip()));
        assertThat(pieces).hasSizeGreaterThan(30);
        DedupWindow again = new DedupWindow();
        for (int i = pieces.size() - 1; i >= 0; i--) {
            again.read(pieces.get(i));
        }
        again.complete();
        assertThat(again.size()).isEqualTo(IDS);
        long nowMs = WINDOW_MS + 1000;
        for (int id = 0; id < IDS; id++) {
            assertThat(again.find(id, ~id, nowMs, WINDOW_MS)).isEqualTo(id <= 1000 ? QueueView.NEW : 2L * id);
        }
        int calls = 0;
        while (again.dueMs(WINDOW_MS) <= WINDOW_MS + IDS / 2) {
            again.expireChunk(WINDOW_MS + IDS / 2, WINDOW_MS);
            calls++;
        }
        assertThat(calls).isBetween(10, 30);
        assertThat(again.size()).isBetween(IDS / 2L - 1, IDS / 2L + DedupChunk.SIZE);
    }
}
