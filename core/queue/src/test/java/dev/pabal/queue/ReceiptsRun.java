package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.queue.ReceiptsModel.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One run of random commands of senders and receivers against a view and the model. The process is killed now and then, and comes back with any
 * part of the journal that was not known to be durable.
 */
final class ReceiptsRun {
    private static final int GROUPS = 4;
    private static final int IDS = 12;

    /** What a receiver was told; {@code entry} is the last of the journal that its answer waited for. */
    private record Receipt(long offset, int generation, int entry) {}

    private final Random random;
    private final ViewOptions options;
    private final UnaryOperator<ByteBuffer> disk;
    private final List<ByteBuffer> journal = new ArrayList<>();
    private final Map<Integer, ByteBuffer> pieces = new LinkedHashMap<>();
    /** The log: it outlives everything. */
    private final List<Message> log = new ArrayList<>();

    private final List<Receipt> receipts = new ArrayList<>();
    /** The model as it was after so many entries. */
    private final TreeMap<Integer, ReceiptsModel> states = new TreeMap<>();

    private final Acquired out = new Acquired();
    private ReceiptsModel model;
    private QueueView view;
    private long nowMs = 1_000_000;
    private int durable;
    private int marker;

    private final ViewEffects effects = new ViewEffects() {
        @Override
        public long journal(ByteBuffer entry) {
            journal.add(
                    disk.apply(ByteBuffer.allocate(entry.remaining()).put(entry).flip()));
            return journal.size();
        }

        @Override
        public void dead(long offset, DeadReason reason, int deliveries) {
            throw new AssertionError("nothing is dead-lettered here");
        }

        @Override
        public void ready() {}
    };

    /** @param disk what becomes of an entry of the journal on its way; to plant faults */
    ReceiptsRun(long seed, UnaryOperator<ByteBuffer> disk) {
        this.random = new Random(seed);
        this.disk = disk;
        int limit = random.nextBoolean() ? 2 : -1;
        this.options = ViewOptions.builder()
                .journaled(true)
                .deliveryLimit(limit)
                .groups(true)
                .dedupWindowMs(ReceiptsModel.WINDOW_MS)
                .build();
        this.model = new ReceiptsModel(limit);
        this.view = QueueView.create(options, effects, 0);
        view.recovered(false, nowMs);
        flush();
    }

    void steps(int count) {
        for (int i = 0; i < count; i++) {
            nowMs += random.nextInt(4);
            view.tick(nowMs);
            model.tick(nowMs);
            step();
            flush();
            compare();
        }
    }

    private void step() {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> send();
            case 4, 5, 6 -> receive();
            case 7, 8, 9 -> delete();
            case 10, 11 -> extend();
            case 12 -> durable = journal.size();
            case 13 -> rarely();
            default -> restart();
        }
    }

    private void rarely() {
        switch (random.nextInt(6)) {
            case 0 -> clear();
            case 1 -> {
                assertThat(view.purge(nowMs)).isEqualTo(model.ready());
                model.messages.stream().filter(message -> !message.inFlight).forEach(model::settle);
            }
            case 2, 3 -> nowMs += random.nextInt(80);
            default -> checkpoint();
        }
        view.tick(nowMs);
        model.tick(nowMs);
    }

    private void clear() {
        long upTo = view.clear(nowMs);
        model.clear();
        flush();
        durable = journal.size();
        view.cleared(upTo);
    }

    private void send() {
        int id = random.nextInt(IDS);
        IndexEntry.Dedup dedup = new IndexEntry.Dedup(id, ~id);
        long found = view.claim(dedup, nowMs);
        assertThat(found).as("id %d", id).isEqualTo(model.duplicateOf(id, nowMs));
        if (found != QueueView.NEW) {
            return;
        }
        assertThat(view.claim(dedup, nowMs)).isEqualTo(QueueView.UNDER_WAY);
        if (random.nextInt(4) == 0) {
            view.unclaim(dedup);
            return;
        }
        Message message = new Message(log.size(), 1 + random.nextInt(GROUPS), id, nowMs);
        log.add(message);
        model.append(message.copy());
        view.index(entry(message));
        view.appended(log.size(), 1, nowMs);
    }

    private static IndexEntry entry(Message message) {
        IndexEntry.Dedup id = new IndexEntry.Dedup(message.id, ~message.id, message.sentMs);
        return new IndexEntry(message.offset, 0, Long.MAX_VALUE, 0, message.group, id);
    }

    private void receive() {
        long deadlineMs = nowMs + 1 + random.nextInt(40);
        int wanted = 1 + random.nextInt(4);
        int group = 0;
        while (wanted > 0) {
            Message expected = group == 0 ? null : model.nextOf(group, out.offset);
            if (expected != null) {
                assertThat(view.nextReadyOfGroup(out.offset)).isEqualTo(expected.offset);
                assertThat(view.acquireOfGroup(QueueView.RECEIVERS, deadlineMs, nowMs, out))
                        .isTrue();
                assertThat(out.offset).isEqualTo(expected.offset);
            } else if (!view.acquire(QueueView.RECEIVERS, deadlineMs, nowMs, out)) {
                assertThat(model.next()).as("could be handed out").isEmpty();
                return;
            } else {
                assertThat(model.next().stream().map(message -> message.offset)).contains(out.offset);
            }
            Message message = model.messages.get((int) out.offset);
            group = message.group;
            received(message, deadlineMs);
            wanted--;
        }
    }

    private void received(Message message, long deadlineMs) {
        message.firstMs = message.generation == 0 ? nowMs : message.firstMs;
        assertThat(out.firstAcquiredMs).as("first received").isEqualTo(message.firstMs);
        assertThat(out.acquiredBefore).as("times received before").isEqualTo(message.count);
        message.inFlight = true;
        message.generation = out.generation;
        message.deadlineMs = deadlineMs;
        receipts.add(new Receipt(out.offset, out.generation, journal.size() + 1));
    }

    private Receipt receipt() {
        return receipts.isEmpty() ? null : receipts.get(random.nextInt(receipts.size()));
    }

    private void delete() {
        Receipt receipt = receipt();
        if (receipt == null) {
            return;
        }
        Standing expected = model.standing(receipt.offset(), receipt.generation());
        assertThat(view.settleByReceipt(receipt.offset(), receipt.generation(), nowMs))
                .as("%s", receipt)
                .isEqualTo(expected);
        if (expected == Standing.HELD || expected == Standing.RETURNED) {
            model.settle(model.messages.get((int) receipt.offset()));
        }
    }

    private void extend() {
        Receipt receipt = receipt();
        if (receipt == null) {
            return;
        }
        Standing expected = model.standing(receipt.offset(), receipt.generation());
        assertThat(view.standing(receipt.offset(), receipt.generation())).isEqualTo(expected);
        Message message = model.messages.get((int) receipt.offset());
        boolean held = expected == Standing.HELD;
        if (random.nextInt(3) == 0) {
            assertThat(view.giveBack(receipt.offset(), receipt.generation(), Return.FAILED, 0, nowMs))
                    .isEqualTo(held);
            if (held) {
                model.fail(message);
            }
            return;
        }
        long deadlineMs = nowMs + 1 + random.nextInt(60);
        assertThat(view.extend(receipt.offset(), receipt.generation(), deadlineMs, nowMs))
                .isEqualTo(held);
        if (held) {
            message.deadlineMs = deadlineMs;
        }
    }

    private void flush() {
        view.flush(nowMs);
        states.put(journal.size(), model.copy());
    }

    private void checkpoint() {
        flush();
        durable = journal.size();
        marker = durable;
        states.headMap(marker).clear();
        view.checkpoint((key, piece) -> {
            ByteBuffer copy = ByteBuffer.allocate(piece.remaining()).put(piece).flip();
            if (copy.hasRemaining()) {
                pieces.put(key, copy);
            } else {
                pieces.remove(key);
            }
        });
    }

    /** Stops in order, or is killed: then the journal ends anywhere behind what was durable. */
    private void restart() {
        flush();
        boolean clean = random.nextInt(3) == 0;
        if (clean) {
            view.stop(nowMs);
            states.put(journal.size(), model.copy());
        }
        int kept = clean ? journal.size() : durable + random.nextInt(journal.size() - durable + 1);
        journal.subList(kept, journal.size()).clear();
        states.tailMap(kept, false).clear();
        receipts.removeIf(receipt -> receipt.entry() > kept);
        model = states.floorEntry(kept).getValue().copy();
        for (Message message : log.subList(model.messages.size(), log.size())) {
            model.append(message.copy());
        }
        durable = kept;
        view = QueueView.create(options, effects, 0);
        pieces.forEach((key, piece) -> view.restore(key, piece.duplicate()));
        journal.subList(marker, kept).forEach(entry -> view.replay(entry.duplicate()));
        view.recovered(clean, nowMs);
        log.stream()
                .filter(message -> message.offset >= view.indexedTo())
                .forEach(message -> view.index(entry(message)));
        view.appended(log.size(), 0, nowMs);
        view.tick(nowMs);
        model.tick(nowMs);
    }

    private void compare() {
        assertThat(view.inFlight()).as("in flight").isEqualTo(model.inFlight());
        assertThat(view.ready()).as("ready").isEqualTo(model.ready());
        for (Message message : model.messages) {
            assertThat(view.standing(message.offset, message.generation))
                    .as("offset %d", message.offset)
                    .isEqualTo(
                            message.generation == 0
                                    ? Standing.GONE
                                    : model.standing(message.offset, message.generation));
        }
    }
}
