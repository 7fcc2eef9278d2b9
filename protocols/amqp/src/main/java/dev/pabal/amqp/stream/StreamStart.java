package dev.pabal.amqp.stream;

import dev.pabal.amqp.channel.AmqpException;
import dev.pabal.amqp.channel.ReplyCode;
import dev.pabal.broker.Partition;
import dev.pabal.broker.topology.Ages;
import dev.pabal.broker.topology.Names;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where a consumer begins: the argument {@code x-stream-offset} ({@code rabbit_stream_queue:parse_offset_arg}).
 *
 * @param kind what {@code value} is
 * @param value an offset, or a time in ms since the epoch
 */
record StreamStart(Kind kind, long value) {
    static final String ARGUMENT = "x-stream-offset";

    enum Kind {
        FIRST,
        LAST,
        NEXT,
        OFFSET,
        TIME
    }

    /**
     * What the argument says; absent means {@code next}.
     *
     * @throws AmqpException 406 where it says nothing
     */
    static StreamStart parse(Map<String, Object> arguments, String vhost, String queue, long nowMs) {
        StreamStart start = parse(arguments.get(ARGUMENT), nowMs);
        if (start == null) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "invalid arg '" + ARGUMENT + "' for " + Names.queue(vhost, queue) + ": {invalid_stream_offset_arg,"
                            + arguments.get(ARGUMENT) + "}");
        }
        return start;
    }

    private static @Nullable StreamStart parse(@Nullable Object argument, long nowMs) {
        if (argument == null) {
            return new StreamStart(Kind.NEXT, 0);
        } else if (argument instanceof Instant time) {
            return new StreamStart(Kind.TIME, time.toEpochMilli());
        } else if (argument instanceof String word) {
            return ofWord(word, nowMs);
        } else if (argument instanceof Long
                || argument instanceof Integer
                || argument instanceof Short
                || argument instanceof Byte) {
            return new StreamStart(Kind.OFFSET, Math.max(0, ((Number) argument).longValue()));
        }
        return null;
    }

    private static @Nullable StreamStart ofWord(String word, long nowMs) {
        switch (word) {
            case "first":
                return new StreamStart(Kind.FIRST, 0);
            case "last":
                return new StreamStart(Kind.LAST, 0);
            case "next":
                return new StreamStart(Kind.NEXT, 0);
            default:
                long ageMs = Ages.parseMs(word);
                return ageMs < 0 ? null : new StreamStart(Kind.TIME, nowMs - ageMs);
        }
    }

    /** The offset where reading begins in a partition. */
    CompletableFuture<Long> in(Partition partition) {
        long first = partition.log().startOffset();
        long end = partition.log().durableEnd();
        return switch (kind) {
            case FIRST -> CompletableFuture.completedFuture(first);
            case LAST -> CompletableFuture.completedFuture(Math.max(first, end - 1));
            case NEXT -> CompletableFuture.completedFuture(end);
            case OFFSET -> CompletableFuture.completedFuture(Math.max(first, Math.min(end, value)));
            case TIME ->
                partition.offsetForTimestamp(value).thenApply(found -> found.offset() < 0 ? end : found.offset());
        };
    }
}
