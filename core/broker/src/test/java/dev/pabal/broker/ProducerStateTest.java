package dev.pabal.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProducerStateTest {
    /** A header is all that the state ever looks at. */
    private static ByteBuffer header(long id, int epoch, int sequence, int count, long baseOffset) {
        ByteBuffer b = ByteBuffer.allocate(BatchHeader.BYTES);
        b.putLong(0, baseOffset).putInt(23, count - 1).putLong(35, baseOffset * 10);
        return b.putLong(43, id)
                .putShort(51, (short) epoch)
                .putInt(53, sequence)
                .putInt(57, count);
    }

    private static void append(ProducerState state, ByteBuffer batch) {
        assertThat(state.check(batch, 0)).isNull();
        state.apply(batch, 0);
    }

    private static void refused(ProducerState state, ByteBuffer batch, Refusal refusal) {
        assertThatThrownBy(() -> state.check(batch, 0))
                .isInstanceOfSatisfying(
                        BrokerException.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
    }

    @Test
    void theLastFiveBatchesAreKnownAgainAndOlderOnesAreOutOfOrder() {
        ProducerState state = new ProducerState();
        for (int i = 0; i < 7; i++) {
            append(state, header(1, 0, i * 2, 2, i * 2));
        }
        for (int i = 2; i < 7; i++) {
            assertThat(state.check(header(1, 0, i * 2, 2, 0), 0))
                    .isEqualTo(new ProducerState.Duplicate(i * 2, i * 2 + 1, i * 20));
        }
        refused(state, header(1, 0, 2, 2, 0), Refusal.OUT_OF_ORDER_SEQUENCE);
        refused(state, header(1, 0, 16, 1, 0), Refusal.OUT_OF_ORDER_SEQUENCE);
        refused(state, header(1, 0, 12, 1, 0), Refusal.OUT_OF_ORDER_SEQUENCE);
    }

    @Test
    void epochsFence() {
        ProducerState state = new ProducerState();
        append(state, header(1, 3, 0, 1, 0));
        refused(state, header(1, 2, 1, 1, 0), Refusal.INVALID_PRODUCER_EPOCH);
        refused(state, header(1, 4, 1, 1, 0), Refusal.OUT_OF_ORDER_SEQUENCE);
        append(state, header(1, 4, 0, 1, 1));
        refused(state, header(1, 3, 1, 1, 0), Refusal.INVALID_PRODUCER_EPOCH);
        append(state, header(1, 4, 1, 1, 2));
    }

    @Test
    void anUnknownProducerMayBeginAnywhere() {
        append(new ProducerState(), header(1, 0, 1234, 1, 0));
    }

    @Test
    void sequencesGoOnWithZeroAfterTheLargestInt() {
        ProducerState state = new ProducerState();
        append(state, header(1, 0, Integer.MAX_VALUE - 1, 2, 0));
        append(state, header(1, 0, 0, 1, 2));
        ProducerState crossing = new ProducerState();
        append(crossing, header(1, 0, Integer.MAX_VALUE - 1, 5, 0));
        assertThat(crossing.infos().get(0).lastSequence()).isEqualTo(2);
        append(crossing, header(1, 0, 3, 1, 5));
    }

    @Test
    void batchesWithoutProducerAndControlBatchesLeaveNoTrace() {
        ProducerState state = new ProducerState();
        append(state, header(-1, -1, -1, 3, 0));
        ByteBuffer control = header(1, 0, -1, 1, 3);
        control.putShort(21, (short) (BatchHeader.ATTR_CONTROL | BatchHeader.ATTR_TRANSACTIONAL));
        state.apply(control, 0);
        assertThat(state.save().remaining()).isZero();
    }

    @Test
    void idleProducersAreForgottenByTheTimeTheyWereFoundIdle() {
        ProducerState state = new ProducerState();
        append(state, header(1, 0, 0, 1, 0));
        append(state, header(2, 0, 0, 1, 1));
        // The first look only finds them idle, however old their records say they are.
        state.expire(1_000_000, 500);
        assertThat(state.infos()).hasSize(2);
        append(state, header(2, 0, 1, 1, 2));
        state.expire(1_000_499, 500);
        assertThat(state.infos()).hasSize(2);
        state.expire(1_000_500, 500);
        assertThat(state.infos()).extracting(Partition.ProducerInfo::producerId).containsExactly(2L);
        ProducerState restarted = new ProducerState();
        restarted.load(state.save());
        restarted.expire(1_000_999, 500);
        assertThat(restarted.infos()).isEmpty();
    }

    @Test
    void aClockThatWentBackForgetsNobody() {
        ProducerState state = new ProducerState();
        append(state, header(1, 0, 0, 1, 0));
        state.expire(1_000_000, 500);
        state.expire(1_000, 500);
        assertThat(state.infos()).hasSize(1);
        state.expire(1_500, 500);
        assertThat(state.infos()).isEmpty();
    }

    /** What a state must be: the list of all batches, looked through from the end. */
    private static final class Model {
        record Sent(int epoch, int sequence, int count, long baseOffset) {}

        final Map<Long, List<Sent>> all = new HashMap<>();

        /** The base offset for a duplicate, -1 for a good batch, null for a refusal. */
        @Nullable
        Long judge(long id, Sent batch) {
            List<Sent> sent = all.getOrDefault(id, List.of());
            if (sent.isEmpty()) {
                return -1L;
            }
            Sent last = sent.get(sent.size() - 1);
            if (batch.epoch != last.epoch) {
                return batch.epoch > last.epoch && batch.sequence == 0 ? -1L : null;
            }
            int looked = 0;
            for (int i = sent.size() - 1; i >= 0 && looked < 5 && sent.get(i).epoch == batch.epoch; i--, looked++) {
                if (sent.get(i).sequence == batch.sequence && sent.get(i).count == batch.count) {
                    return sent.get(i).baseOffset;
                }
            }
            long next = ((long) last.sequence + last.count) & Integer.MAX_VALUE;
            return batch.sequence == next ? -1L : null;
        }
    }

    @Test
    void doesWhatTheModelDoesWhateverComesAndHoweverOftenItRestarts() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        Model model = new Model();
        ProducerState state = new ProducerState();
        List<ByteBuffer> log = new ArrayList<>();
        ByteBuffer checkpoint = state.save();
        int replayFrom = 0;
        long offset = 0;
        for (int step = 0; step < 50_000; step++) {
            if (random.nextInt(200) == 0) {
                checkpoint = state.save();
                replayFrom = log.size();
            }
            if (random.nextInt(300) == 0) {
                state = new ProducerState();
                state.load(checkpoint.duplicate());
                for (ByteBuffer batch : log.subList(replayFrom, log.size())) {
                    state.apply(batch, 0);
                }
            }
            long id = random.nextInt(6);
            Model.Sent batch = next(random, model.all.getOrDefault(id, List.of()), offset);
            ByteBuffer header = header(id, batch.epoch, batch.sequence, batch.count, offset);
            Long expected = model.judge(id, batch);
            Long found;
            try {
                ProducerState.Duplicate duplicate = state.check(header, 0);
                found = duplicate == null ? -1L : duplicate.baseOffset();
            } catch (BrokerException e) {
                found = null;
            }
            assertThat(found).as("seed " + seed + " step " + step).isEqualTo(expected);
            if (expected != null && expected == -1) {
                state.apply(header, 0);
                log.add(header);
                model.all.computeIfAbsent(id, i -> new ArrayList<>()).add(batch);
                offset += batch.count;
            }
        }
    }

    /** Mostly the batch that should come, often a repetition, sometimes anything. */
    private static Model.Sent next(Random random, List<Model.Sent> sent, long offset) {
        int count = random.nextInt(100) == 0 ? 1 << 29 : random.nextInt(3) + 1;
        if (sent.isEmpty()) {
            return new Model.Sent(random.nextInt(2), random.nextBoolean() ? 0 : Integer.MAX_VALUE - 3, count, offset);
        }
        Model.Sent last = sent.get(sent.size() - 1);
        int follows = (int) (((long) last.sequence + last.count) & Integer.MAX_VALUE);
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3, 4 -> new Model.Sent(last.epoch, follows, count, offset);
            case 5, 6 -> sent.get(Math.max(0, sent.size() - 1 - random.nextInt(7)));
            case 7 -> new Model.Sent(last.epoch + random.nextInt(3) - 1, random.nextInt(3), count, offset);
            case 8 -> new Model.Sent(last.epoch, follows + random.nextInt(3) - 1 & Integer.MAX_VALUE, count, offset);
            default -> new Model.Sent(last.epoch, random.nextInt() & Integer.MAX_VALUE, count, offset);
        };
    }
}
