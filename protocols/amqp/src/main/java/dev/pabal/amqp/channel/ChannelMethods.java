package dev.pabal.amqp.channel;

import dev.pabal.amqp.codec.method.AccessRequest;
import dev.pabal.amqp.codec.method.AccessRequestOk;
import dev.pabal.amqp.codec.method.ChannelFlow;
import dev.pabal.amqp.codec.method.ChannelFlowOk;
import dev.pabal.amqp.codec.method.ConfirmSelect;
import dev.pabal.amqp.codec.method.ConfirmSelectOk;
import dev.pabal.amqp.codec.method.TxCommit;
import dev.pabal.amqp.codec.method.TxCommitOk;
import dev.pabal.amqp.codec.method.TxRollback;
import dev.pabal.amqp.codec.method.TxRollbackOk;
import dev.pabal.amqp.codec.method.TxSelect;
import dev.pabal.amqp.codec.method.TxSelectOk;
import java.util.concurrent.CompletableFuture;

/** What a channel is switched to: confirms, transactions, flow. */
public final class ChannelMethods {
    private ChannelMethods() {}

    /** Adds the handlers of this package. */
    public static void register(MethodHandlers handlers) {
        BasicMethods.register(handlers);
        handlers.add(ConfirmSelect.ID, ConfirmSelect.class, (c, m) -> {
                    ((ServerChannel) c).confirmSelect();
                    if (!m.nowait()) {
                        ConfirmSelectOk.write(c.out(), c.number());
                    }
                })
                .add(TxSelect.ID, TxSelect.class, (c, m) -> {
                    ((ServerChannel) c).txSelect();
                    TxSelectOk.write(c.out(), c.number());
                })
                .add(TxCommit.ID, TxCommit.class, (c, m) -> commit((ServerChannel) c))
                .add(TxRollback.ID, TxRollback.class, (c, m) -> rollback((ServerChannel) c))
                .add(ChannelFlow.ID, ChannelFlow.class, (c, m) -> flow(c, m))
                .add(AccessRequest.ID, AccessRequest.class, (c, m) -> AccessRequestOk.write(c.out(), c.number(), 1));
    }

    private static void flow(AmqpChannel channel, ChannelFlow flow) {
        if (!flow.active()) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "active=false");
        }
        ChannelFlowOk.write(channel.out(), channel.number(), true);
    }

    private static Transaction transaction(ServerChannel channel) {
        Transaction transaction = channel.transaction();
        if (transaction == null) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "channel is not transactional");
        }
        return transaction;
    }

    private static void commit(ServerChannel channel) {
        Transaction transaction = transaction(channel);
        // While the store refuses writes the commit waits, as other publishes do.
        channel.awaitRoom(channel.publishes().held().room(), room -> commit(channel, transaction));
    }

    private static void commit(ServerChannel channel, Transaction transaction) {
        Publishes publishes = channel.publishes();
        publishes.takeFailure();
        transaction.publish(channel.publisher().router());
        CompletableFuture<Boolean> stored = new CompletableFuture<>();
        publishes.whenDone(() -> stored.complete(true));
        channel.awaitRoom(stored, done -> {
            if (publishes.takeFailure() != null) {
                throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "partial tx completion");
            }
            // What was read is settled only once what was made of it is on disk.
            transaction.settle(channel.unsettled());
            channel.link().handOverSettlements();
            channel.consumers().shared().release();
            TxCommitOk.write(channel.out(), channel.number());
        });
    }

    private static void rollback(ServerChannel channel) {
        transaction(channel).rollback(channel.unsettled());
        TxRollbackOk.write(channel.out(), channel.number());
    }
}
