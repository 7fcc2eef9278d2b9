package dev.pabal.sqs.action;

import dev.pabal.broker.queue.Deliveries;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.Receipts;
import dev.pabal.broker.queue.ReceiveOptions;
import dev.pabal.broker.queue.Reception;
import dev.pabal.sqs.queue.OutgoingReader;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.Parameters;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands out up to ten messages and hides them for a while; waits for the first where asked to. */
final class ReceiveMessage implements Action {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiveMessage.class);
    private static final int MAX_MESSAGES = 10;
    private static final int MAX_WAIT_SECONDS = 20;
    /** Bytes of records in one answer, unless one alone has more. */
    private static final int MAX_BYTES = 1 << 20;

    /** Messages of one queue that may be in flight. */
    private static final long MAX_IN_FLIGHT = 120_000;
    /** The answer that there are no messages: its result is there, and empty. */
    private static final Reply NOTHING = out -> {};

    private final MessageActions shared;

    ReceiveMessage(MessageActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "ReceiveMessage";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        Parameters request = call.parameters();
        SqsQueue queue = shared.of(call);
        ReceiveFilter filter = new ReceiveFilter(request);
        ReceiveOptions options = options(request, queue);
        String attempt = attemptId(request, queue);
        ReceiveAttempts.@Nullable Attempt before =
                attempt == null ? null : shared.attempts().find(queue.queue().id(), attempt);
        return before == null || attempt == null
                ? receive(call, queue, filter, options, attempt)
                : again(call, queue, filter, options, attempt, before);
    }

    private static ReceiveOptions options(Parameters request, SqsQueue queue) {
        Integer most = request.integer("MaxNumberOfMessages", 1, MAX_MESSAGES);
        int visibilitySeconds = bounded(
                request,
                "VisibilityTimeout",
                VisibilityChange.MAX_SECONDS,
                queue.attributes().visibilityTimeoutSeconds());
        int waitSeconds = bounded(
                request, "WaitTimeSeconds", MAX_WAIT_SECONDS, queue.attributes().receiveWaitSeconds());
        return new ReceiveOptions(most == null ? 1 : most, MAX_BYTES, visibilitySeconds * 1000L, waitSeconds * 1000L);
    }

    private static int bounded(Parameters request, String name, int max, int otherwise) {
        Integer given = request.integer(name);
        if (given == null) {
            return otherwise;
        }
        if (given < 0 || given > max) {
            throw SqsException.invalid(given, name, "Must be >= 0 and <= " + max + ", if provided.");
        }
        return given;
    }

    private static @Nullable String attemptId(Parameters request, SqsQueue queue) {
        String id = request.text("ReceiveRequestAttemptId");
        if (id == null || !queue.attributes().fifo()) {
            return null;
        }
        OutgoingReader.checkId(id, "ReceiveRequestAttemptId");
        return id;
    }

    private CompletableFuture<Reply> receive(
            Call call, SqsQueue queue, ReceiveFilter filter, ReceiveOptions options, @Nullable String attempt) {
        if (queue.queue().inFlight() >= MAX_IN_FLIGHT) {
            return tooManyInFlight(queue, options);
        }
        Reception reception = queue.queue().receive(options);
        call.connection().onGone(reception::cancel);
        return reception.answer().thenApply(given -> given == null ? NOTHING : reply(queue, filter, attempt, given));
    }

    /** Who polls long is told of nothing: for it there are no messages. */
    private static CompletableFuture<Reply> tooManyInFlight(SqsQueue queue, ReceiveOptions options) {
        if (options.waitMs() > 0) {
            return CompletableFuture.completedFuture(NOTHING);
        }
        throw new SqsException(
                SqsError.OVER_LIMIT,
                "Too many messages of queue " + queue.name() + " are in flight; the limit is " + MAX_IN_FLIGHT + ".");
    }

    private Reply reply(SqsQueue queue, ReceiveFilter filter, @Nullable String attempt, Deliveries given) {
        long nowMs = shared.clock().wallMs();
        if (attempt != null) {
            keep(attempt, given, nowMs);
        }
        return new ReceivedMessages(queue, shared.queues(), given, filter, nowMs, shared.incarnation());
    }

    private void keep(String attempt, Deliveries given, long nowMs) {
        try {
            shared.attempts().keep(attempt, given, nowMs);
        } catch (IllegalArgumentException e) {
            LOG.debug(
                    "what was received cannot be copied; who asks again under the same name gets what there is then",
                    e);
        }
    }

    /** Whoever asks again under the same name gets the same, hidden anew for as long as it wants. */
    private CompletableFuture<Reply> again(
            Call call,
            SqsQueue queue,
            ReceiveFilter filter,
            ReceiveOptions options,
            String attempt,
            ReceiveAttempts.Attempt before) {
        MessageQueue messages = queue.queue();
        Receipts receipts =
                new Receipts(before.messages().offsets(), before.messages().generations());
        long[] untilMs = new long[receipts.offsets().length];
        Arrays.fill(untilMs, shared.clock().wallMs() + options.visibilityMs());
        return messages.extend(receipts, untilMs).thenCompose(outcomes -> {
            if (outcomes.stream().allMatch(outcome -> outcome == Receipts.Outcome.DONE)) {
                return CompletableFuture.completedFuture(new ReceivedMessages(
                        queue, shared.queues(), before.messages(), filter, before.receivedMs(), shared.incarnation()));
            }
            shared.attempts().forget(messages.id(), attempt);
            return receive(call, queue, filter, options, attempt);
        });
    }
}
