package dev.pabal.broker.queue;

import dev.pabal.broker.queue.DeadLetterRoutes.Target;
import dev.pabal.broker.queue.RecordWindow.Place;
import dev.pabal.log.Log;
import dev.pabal.message.AmqpRecord;
import dev.pabal.queue.DeadReason;
import dev.pabal.queue.QueueView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes dead messages to where their queue's dead letters go: appended to all targets and durable there first, settled here second, so that
 * none is lost; one may come twice when the process ends in between. What a target refuses is tried again, later and later. What has no target is
 * dropped, as AMQP says; where acquisitions are journaled it waits for one, since who receives does not know that a queue elsewhere is gone.
 *
 * <p>However many wait for a target that takes none: as letters there are some thousands, for the others the view's word is enough. Those that
 * are refused make room for others, which may go elsewhere, and have their turn again. For the shard's thread; targets answer on others.
 */
final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    /** Letters on their way at once: each round takes as long as a sync. */
    private static final int MAX_UNDER_WAY = 2048;

    /** Bytes of their bodies, and one body. */
    private static final long MAX_BYTES_UNDER_WAY = 8 << 20;

    /** What is gathered for appends at once: many large messages together are more than a log takes in one. */
    private static final long MAX_GATHERED_BYTES = 1 << 20;

    /** Letters in memory. */
    static final int MAX_LETTERS = 4096;

    /** What one counts at least that was looked at in vain. */
    private static final int LETTER_BYTES = 256;

    private static final long FIRST_RETRY_MS = 100;
    private static final long LAST_RETRY_MS = 30_000;

    private final QueueRuntime queue;
    private final QueueCore core;
    private final RecordWindow window;
    private final AmqpRecord record = new AmqpRecord();
    private final ArrayDeque<Letter> waiting = new ArrayDeque<>(0);
    private final ArrayDeque<Letter> refused = new ArrayDeque<>(0);
    /** Offsets of all letters: those that wait, are under way, or were refused. */
    private final Set<Long> letters = new HashSet<>(0);
    /** The view has dead messages for which there was no room here. */
    private boolean more;
    /** Where they are looked for. */
    private long lookAt;

    private int underWay;
    private long bytesUnderWay;
    private long retryAtMs = Long.MAX_VALUE;
    private boolean closed;
    /** It was said that there is no target. */
    private boolean targetMissed;

    DeadLetters(QueueRuntime queue, QueueCore core, Log log) {
        this.queue = queue;
        this.core = core;
        this.window = new RecordWindow(
                log,
                core.shard()::post,
                core.shard()::afterAMoment,
                () -> core.shard().list(core),
                RecordWindow.MANY_WALKS);
    }

    /** The view has declared a message dead. Called from inside the view: nothing is done yet. */
    void add(long offset, DeadReason reason) {
        if (more || letters.size() == MAX_LETTERS) {
            more = true;
        } else {
            letters.add(offset);
            waiting.add(new Letter(offset, reason));
        }
    }

    /** Takes in those for which there was no room, as far as there is now. */
    private void refill() {
        while (more && letters.size() < MAX_LETTERS) {
            Letter next = another();
            if (next == null) {
                more = false;
            } else {
                waiting.add(next);
            }
        }
    }

    /** A dead message that is no letter yet, in turn; null where there is none. */
    private @Nullable Letter another() {
        QueueView view = core.view();
        for (int round = 0; round < 2; round++) {
            long offset = view.nextDead(lookAt);
            while (offset >= 0 && letters.contains(offset)) {
                offset = view.nextDead(offset + 1);
            }
            DeadReason reason = offset < 0 ? null : view.deadReason(offset);
            if (reason != null) {
                lookAt = offset + 1;
                letters.add(offset);
                return new Letter(offset, reason);
            }
            lookAt = 0;
        }
        return null;
    }

    /** Sends what can be sent; the end of what is under way calls for more. */
    void process(long nowMs) {
        if (retryAtMs <= nowMs) {
            retry(nowMs);
        }
        refill();
        if (closed) {
            return;
        }
        if (waiting.isEmpty()) {
            // also of what was expected, and came too late to be of use
            window.release();
            return;
        }
        Map<Target, LetterBatch> batches = new LinkedHashMap<>();
        long gatheredBytes = 0;
        while (!waiting.isEmpty()
                && underWay < MAX_UNDER_WAY
                && bytesUnderWay < MAX_BYTES_UNDER_WAY
                && gatheredBytes < MAX_GATHERED_BYTES) {
            Letter letter = waiting.element();
            Place place = window.locate(letter.offset);
            if (place == Place.PENDING) {
                expectNext();
                break;
            }
            waiting.remove();
            gatheredBytes += write(letter, place, batches, nowMs);
        }
        batches.forEach((target, batch) -> batch.send(target, nowMs, this::ended));
        if (waiting.isEmpty()) {
            window.release();
        }
    }

    /** What dies of its age lies anywhere in the log: several are read at once. */
    private void expectNext() {
        int left = RecordWindow.MAX_PENDING;
        long before = waiting.element().offset;
        for (Letter letter : waiting) {
            if (left-- == 0) {
                return;
            }
            if (letter.offset < before || letter.offset - before > RecordWindow.NEAR_OFFSETS) {
                window.expect(letter.offset);
            }
            before = letter.offset;
        }
    }

    /** Returns the bytes of the body that is on its way now. */
    private int write(Letter letter, Place place, Map<Target, LetterBatch> batches, long nowMs) {
        if (place == Place.GONE || core.view().deadReason(letter.offset) == null) {
            // The second: the queue was emptied meanwhile.
            return drop(letter);
        }
        if (place == Place.FAILED) {
            LOG.error(
                    "a dead letter of {} cannot be read; it is tried again: {}",
                    queue,
                    String.valueOf(window.failure()));
            refuse(letter);
            return 0;
        }
        if (queue.settings().deadLetterExchange() == null) {
            return keeps() ? waitForTarget(letter, 0) : drop(letter);
        }
        Letter.Content content = content(letter, place, nowMs);
        Collection<Target> routes =
                queue.host().deadLetterRoutes().route(queue.definition().vhost(), content);
        if (routes.isEmpty() && keeps()) {
            return waitForTarget(letter, content.bodyLength());
        }
        List<Target> targets = targets(letter, content, routes);
        if (targets.isEmpty()) {
            return drop(letter);
        }
        send(letter, content, targets, batches, nowMs);
        return content.bodyLength();
    }

    /** Those that the letter has not reached and does not only go round to. */
    private List<Target> targets(Letter letter, Letter.Content content, Collection<Target> routes) {
        List<Target> targets = new ArrayList<>();
        for (Target target : routes) {
            QueueRuntime to = target.queue();
            boolean wanted = to == null
                    || diedOfReceivers(letter)
                    || !content.deaths().isCycle(to.definition().name(), letter.reason);
            if (wanted && !letter.hasReached(target.partition())) {
                targets.add(target);
            }
        }
        return targets;
    }

    private void send(
            Letter letter, Letter.Content content, List<Target> targets, Map<Target, LetterBatch> batches, long nowMs) {
        underWay++;
        letter.sizeInBytes = content.bodyLength();
        bytesUnderWay += letter.sizeInBytes;
        letter.begin(targets.size());
        for (Target target : targets) {
            if (letter.attempts == 0) {
                batches.computeIfAbsent(target, t -> new LetterBatch()).add(letter, content, target, nowMs);
            } else {
                // A full queue refuses batches whole: what was refused goes alone, so that as much gets in as there is
                // room for.
                LetterBatch alone = new LetterBatch();
                alone.add(letter, content, target, nowMs);
                alone.send(target, nowMs, this::ended);
            }
        }
    }

    /** Such a letter does not go round by itself: somebody receives it again and again. SQS lets it, and drops nothing. */
    private boolean diedOfReceivers(Letter letter) {
        return letter.reason == DeadReason.DELIVERY_LIMIT
                && queue.settings().view().journaled();
    }

    private int drop(Letter letter) {
        letters.remove(letter.offset);
        core.deadLettered(letter.offset);
        return 0;
    }

    /** Whether what has no target is kept until it has one. */
    private boolean keeps() {
        return queue.settings().view().journaled();
    }

    /** Returns the bytes that were looked at. */
    private int waitForTarget(Letter letter, int bodyBytes) {
        if (!targetMissed) {
            targetMissed = true;
            LOG.warn(
                    "dead letters of {} wait, because the queue that they go to does not exist; create it, or name another",
                    queue);
        }
        refuse(letter);
        core.shard().list(core);
        return LETTER_BYTES + bodyBytes;
    }

    private Letter.Content content(Letter letter, Place place, long nowMs) {
        BatchWalk walk = window.found();
        if (place == Place.FOUND) {
            try {
                record.wrap(walk.buffer(), walk.position(), walk.baseTimestampMs());
                return Letter.Content.of(letter.offset, record, letter.reason, queue, nowMs);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                return Letter.Content.ofBytes(walk.buffer(), walk.position(), walk.sizeInBytes(), queue, nowMs);
            }
        }
        return Letter.Content.ofBytes(walk.storedBatch(), 0, walk.storedBatch().limit(), queue, nowMs);
    }

    /** On any thread. */
    private void ended(Letter letter) {
        try {
            core.shard().post(() -> endedHere(letter));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} has ended before a dead letter was settled: it is sent again at the next start", queue);
        }
    }

    private void endedHere(Letter letter) {
        underWay--;
        bytesUnderWay -= letter.sizeInBytes;
        if (letter.failed()) {
            refuse(letter);
        } else {
            targetMissed = false;
            drop(letter);
        }
        core.shard().list(core);
    }

    private void refuse(Letter letter) {
        letter.attempts++;
        long delayMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS << Math.min(20, letter.attempts - 1));
        letter.retryAtMs = core.nowMs() + delayMs;
        retryAtMs = Math.min(retryAtMs, letter.retryAtMs);
        refused.add(letter);
        if (letter.attempts == 1) {
            LOG.debug("a dead letter of {} was refused by a target; it is tried again", queue);
        }
    }

    /** What was refused is tried again at once: settings or targets have changed. */
    void retryNow() {
        retryAtMs = Long.MAX_VALUE;
        waiting.addAll(refused);
        refused.clear();
    }

    /** What was refused is tried again when its time has come; where others wait for room, one of them comes in its place, no sooner and no later. */
    private void retry(long nowMs) {
        retryAtMs = Long.MAX_VALUE;
        for (int i = refused.size(); i > 0; i--) {
            Letter letter = refused.remove();
            if (letter.retryAtMs > nowMs) {
                refused.add(letter);
                retryAtMs = Math.min(retryAtMs, letter.retryAtMs);
            } else {
                waiting.add(more ? inPlaceOf(letter) : letter);
            }
        }
    }

    private Letter inPlaceOf(Letter letter) {
        Letter next = letter.hasReachedAny() ? null : another();
        if (next == null) {
            return letter;
        }
        letters.remove(letter.offset);
        next.attempts = letter.attempts;
        return next;
    }

    long nextDueMs() {
        return retryAtMs;
    }

    void close() {
        closed = true;
        window.close();
    }
}
