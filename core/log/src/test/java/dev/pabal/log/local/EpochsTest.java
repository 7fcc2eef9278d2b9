package dev.pabal.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.Log.EpochEnd;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class EpochsTest {
    private final Epochs epochs = new Epochs();

    @Test
    void anEpochEndsWhereTheNextStarts() {
        epochs.assign(0, 0);
        epochs.assign(3, 10);
        epochs.assign(4, 25);
        assertThat(epochs.end(0, 30)).isEqualTo(new EpochEnd(0, 10));
        assertThat(epochs.end(2, 30)).isEqualTo(new EpochEnd(0, 10));
        assertThat(epochs.end(3, 30)).isEqualTo(new EpochEnd(3, 25));
        assertThat(epochs.end(4, 30)).isEqualTo(new EpochEnd(4, 30));
        assertThat(epochs.end(9, 30)).isEqualTo(new EpochEnd(4, 30));
        assertThat(epochs.end(-1, 30)).isEqualTo(EpochEnd.UNKNOWN);
    }

    @Test
    void anEndIsNeverBeyondWhatIsDurable() {
        epochs.assign(0, 0);
        epochs.assign(1, 10);
        assertThat(epochs.end(0, 8)).isEqualTo(new EpochEnd(0, 8));
    }

    @Test
    void anEpochInWhichNothingWasWrittenIsForgotten() {
        epochs.assign(0, 0);
        epochs.assign(1, 10);
        epochs.assign(2, 10);
        assertThat(epochs.at(9)).isZero();
        assertThat(epochs.at(10)).isEqualTo(2);
        assertThat(epochs.end(1, 20)).isEqualTo(new EpochEnd(0, 10));
    }

    @Test
    void trimmingKeepsTheEpochThatHoldsAtTheStart() {
        for (int epoch = 0; epoch < 5; epoch++) {
            epochs.assign(epoch, epoch * 10L);
        }
        epochs.trim(25);
        assertThat(epochs.at(25)).isEqualTo(2);
        assertThat(epochs.end(1, 50)).isEqualTo(EpochEnd.UNKNOWN);
        assertThat(epochs.end(2, 50)).isEqualTo(new EpochEnd(2, 30));
    }

    @Test
    void whatIsSavedIsLoadedAgain() {
        epochs.assign(0, 0);
        epochs.assign(7, 12);
        ByteBuffer saved = ByteBuffer.allocate(epochs.savedBytes());
        epochs.save(saved);
        assertThat(saved.hasRemaining()).isFalse();
        Epochs loaded = new Epochs();
        loaded.load(saved.flip());
        assertThat(loaded.end(0, 20)).isEqualTo(new EpochEnd(0, 12));
        assertThat(loaded.at(12)).isEqualTo(7);
    }
}
