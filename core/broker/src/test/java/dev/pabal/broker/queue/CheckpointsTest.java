package dev.pabal.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.message.KeyedBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CheckpointsTest {
    private static final int PIECE_BYTES = 1 << 20;

    private final List<KeyedBatch.Entry> pieces = new ArrayList<>();

    private void view(int number, int count) {
        for (int piece = 0; piece < count; piece++) {
            pieces.add(new KeyedBatch.Entry(
                    new CheckpointKey(new UUID(7, number), piece).toBytes(), new byte[PIECE_BYTES]));
        }
    }

    private List<Integer> appends() {
        List<Integer> counts = new ArrayList<>();
        List<KeyedBatch.Entry> left = pieces;
        while (!left.isEmpty()) {
            int count = Checkpoints.fitting(left);
            counts.add(count);
            left = left.subList(count, left.size());
        }
        return counts;
    }

    @Test
    void severalViewsGoTogetherAsFarAsThereIsRoom() {
        for (int number = 0; number < 8; number++) {
            view(number, 1);
        }
        assertThat(appends()).containsExactly(3, 3, 2);
    }

    @Test
    void aViewIsNotTornApart() {
        view(1, 1);
        view(2, 3);
        view(3, 12);
        view(4, 1);
        assertThat(appends()).containsExactly(1, 3, 12, 1);
    }

    @Test
    void aViewThatIsTooLargeForOneAppendTakesSeveral() {
        view(1, 40);
        view(2, 1);
        assertThat(appends()).containsExactly(31, 9, 1);
    }
}
