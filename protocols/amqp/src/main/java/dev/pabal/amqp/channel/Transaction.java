package dev.pabal.amqp.channel;

import dev.pabal.broker.queue.Settlement.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** What a channel in a transaction has published and settled since the last commit or rollback. On the event loop. */
final class Transaction {
    private final Publishes publishes;
    private final List<Settled> settled = new ArrayList<>();
    private final ByteBuf returns = Unpooled.buffer();

    Transaction(Link link) {
        this.publishes = new Publishes(link, false);
    }

    private record Settled(long tag, boolean multiple, Outcome outcome) {}

    Publishes publishes() {
        return publishes;
    }

    /** Frames of messages that come back when the transaction is committed. */
    ByteBuf returns() {
        return returns;
    }

    void settle(long tag, boolean multiple, Outcome outcome) {
        settled.add(new Settled(tag, multiple, outcome));
    }

    /** Settles, and sends what came back; the messages are the caller's to publish. */
    void apply(Unsettled unsettled, ByteBuf out) {
        for (Settled one : settled) {
            if (one.multiple) {
                unsettled.settleUpTo(one.tag, one.outcome);
            } else if (unsettled.contains(one.tag)) {
                unsettled.settle(one.tag, one.outcome);
            }
        }
        settled.clear();
        out.writeBytes(returns);
        returns.clear();
    }

    void rollback() {
        publishes.drop();
        settled.clear();
        returns.clear();
    }
}
