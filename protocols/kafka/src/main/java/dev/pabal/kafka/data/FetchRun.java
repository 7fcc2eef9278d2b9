package dev.pabal.kafka.data;

import dev.pabal.kafka.KafkaRequest;
import dev.pabal.kafka.wire.StoredRecords;
import dev.pabal.log.LogRead;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.jspecify.annotations.Nullable;

/**
 * One fetch: looks at the partitions that may have something new, reads what fits, waits until there is enough or the time is up, answers.
 * On the connection's loop; reads and watches that complete elsewhere come back to it.
 */
final class FetchRun {
    private static final byte READ_COMMITTED = 1;
    /** Longer waits are cut into pieces, so that one whose client has gone ends in time. */
    private static final int LONGEST_WAIT_MS = 10_000;

    private final KafkaRequest request;
    private final FetchRequestData asked;
    private final FetchSessions sessions;
    private final FetchSession session;
    private final boolean incremental;
    private final int maxBytes;
    /** What was looked at, each once, in the order of the answer. */
    private final Map<FetchTarget.Key, FetchTarget> looked = new LinkedHashMap<>();

    private final AtomicBoolean wakeScheduled = new AtomicBoolean();
    private int foundBytes;
    /** The most that the reads under way may bring. */
    private int awaitedBytes;

    private int readsUnderWay;
    private boolean anyError;
    private boolean waiting;
    private boolean timeIsUp;
    private @Nullable Future<?> timer;

    FetchRun(KafkaRequest request, FetchSessions sessions, FetchSession session, boolean incremental, int mostBytes) {
        this.request = request;
        this.asked = (FetchRequestData) request.body();
        this.sessions = sessions;
        this.session = session;
        this.incremental = incremental;
        this.maxBytes = Math.max(0, Math.min(mostBytes, asked.maxBytes()));
        this.timeIsUp = asked.maxWaitMs() <= 0;
    }

    void start() {
        session.listener(this::wake);
        session.collect();
        look();
    }

    /**
     * Looks at one target after the other until the answer is full, then decides whether it is time to answer. Reads that need the disk are
     * begun together: each is counted with the most that it may bring until it has come.
     */
    private void look() {
        FetchTarget target = nextTarget();
        while (target != null) {
            looked.put(target.key(), target);
            foundBytes -= target.foundBytes();
            int room = room();
            boolean first = room == maxBytes;
            CompletableFuture<LogRead> read = target.look(room);
            if (read == null) {
                anyError |= target.failed();
            } else if (read.isDone()) {
                take(target, read, first);
            } else {
                await(target, read, Math.min(room, target.maxBytes()), first);
            }
            target = nextTarget();
        }
        if (readsUnderWay == 0) {
            decide();
        }
    }

    /** An answer that holds only what changed stops when it is full; a whole one names every partition. */
    private @Nullable FetchTarget nextTarget() {
        return room() > 0 || !incremental ? session.next() : null;
    }

    private int room() {
        return maxBytes - foundBytes - awaitedBytes;
    }

    private void await(FetchTarget target, CompletableFuture<LogRead> read, int mostBytes, boolean first) {
        readsUnderWay++;
        awaitedBytes += mostBytes;
        read.whenComplete((result, failure) -> request.loop().execute(() -> {
            readsUnderWay--;
            awaitedBytes -= mostBytes;
            take(target, read, first);
            if (readsUnderWay == 0) {
                look();
            }
        }));
    }

    private void take(FetchTarget target, CompletableFuture<LogRead> read, boolean first) {
        LogRead result = null;
        Throwable failure = null;
        try {
            result = read.join();
        } catch (RuntimeException e) {
            failure = e;
        }
        target.take(result, failure, room(), first);
        foundBytes += target.foundBytes();
        anyError |= target.failed();
    }

    private void decide() {
        boolean enough = foundBytes >= Math.min(asked.minBytes(), maxBytes);
        if (enough || anyError || timeIsUp || session.size() == 0) {
            answer();
            return;
        }
        looked.values().forEach(session::watch);
        waiting = true;
        if (timer == null) {
            startTimer(asked.maxWaitMs());
            request.onNextRequest(() -> timeIsUp(0));
        }
        if (session.hasNotices()) {
            wake();
        }
    }

    /** A watch has reported. Any thread. */
    private void wake() {
        if (wakeScheduled.compareAndSet(false, true)) {
            request.loop().execute(this::woken);
        }
    }

    private void woken() {
        wakeScheduled.set(false);
        if (waiting) {
            waiting = false;
            session.collect();
            look();
        }
    }

    private void startTimer(int waitMs) {
        int slice = Math.min(waitMs, LONGEST_WAIT_MS);
        timer = request.loop().schedule(() -> timeIsUp(waitMs - slice), slice, TimeUnit.MILLISECONDS);
    }

    private void timeIsUp(int leftMs) {
        if (leftMs > 0 && request.connection().isOpen()) {
            startTimer(leftMs);
            return;
        }
        timeIsUp = true;
        if (waiting) {
            waiting = false;
            answer();
        }
    }

    private void answer() {
        if (timer != null) {
            timer.cancel(false);
        }
        FetchResponseData response = new FetchResponseData();
        List<LogRead> reads = new ArrayList<>();
        fill(response, reads);
        for (FetchTarget target : looked.values()) {
            if (!target.atEnd()) {
                session.mark(target);
            } else if (session.id() != FetchSession.NONE) {
                session.watch(target);
            }
        }
        if (sessions.keeps(session)) {
            response.setSessionId(session.id());
        }
        session.leave();
        if (reads.isEmpty()) {
            request.respond(response);
        } else {
            request.respond(response, () -> reads.forEach(LogRead::close));
        }
    }

    private void fill(FetchResponseData response, List<LogRead> reads) {
        Collection<FetchTarget> answered = incremental ? looked.values() : session.targets();
        FetchableTopicResponse topic = null;
        for (FetchTarget target : answered) {
            if (incremental && !target.hasNews()) {
                continue;
            }
            FetchTarget.Key key = target.key();
            String name = key.topic() == null ? "" : key.topic();
            if (topic == null
                    || !topic.topicId().equals(key.topicId())
                    || !topic.topic().equals(name)) {
                topic = new FetchableTopicResponse().setTopic(name).setTopicId(key.topicId());
                response.responses().add(topic);
            }
            topic.partitions().add(describe(target, reads));
            target.told();
        }
    }

    private PartitionData describe(FetchTarget target, List<LogRead> reads) {
        PartitionData data = new PartitionData()
                .setPartitionIndex(target.key().index())
                .setErrorCode(target.error().code())
                .setHighWatermark(target.durableEnd())
                .setLastStableOffset(target.durableEnd())
                .setLogStartOffset(target.startOffset())
                .setAbortedTransactions(asked.isolationLevel() == READ_COMMITTED ? List.of() : null)
                .setRecords(StoredRecords.EMPTY);
        LogRead read = target.takeRead();
        if (read.sizeInBytes() > 0) {
            reads.add(read);
            data.setRecords(new StoredRecords(read.buffers(), read.sizeInBytes()));
        }
        return data;
    }
}
