package dev.pabal.conformance.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;

/**
 * How the broker refused something.
 *
 * @param code the reply code
 * @param text the reply text, which programs read
 * @param closedConnection whether the connection was closed; otherwise the channel was
 */
record Refusal(int code, String text, boolean closedConnection) {

    /** Something that the broker is expected to refuse. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** Runs {@code action} and returns how it was refused; what is sent without waiting for an answer is waited for on {@code channel}. */
    static Refusal of(Channel channel, Action action) {
        try {
            action.run();
            channel.basicQos(0);
        } catch (ShutdownSignalException e) {
            return of(e);
        } catch (IOException e) {
            if (e.getCause() instanceof ShutdownSignalException signal) {
                return of(signal);
            }
            throw new AssertionError("no reply code: " + e, e);
        } catch (Exception e) {
            throw new AssertionError("no reply code: " + e, e);
        }
        throw new AssertionError("expected a refusal, but it was done");
    }

    static Refusal of(ShutdownSignalException signal) {
        Method reason = signal.getReason();
        if (reason instanceof AMQP.Connection.Close close) {
            return new Refusal(close.getReplyCode(), close.getReplyText(), true);
        }
        if (reason instanceof AMQP.Channel.Close close) {
            return new Refusal(close.getReplyCode(), close.getReplyText(), false);
        }
        throw new AssertionError("closed without a reply code: " + signal, signal);
    }

    /** Waits until the broker has closed {@code connection} and returns how. */
    static Refusal awaitClose(Connection connection) {
        org.awaitility.Awaitility.await()
                .atMost(AmqpTest.PATIENCE)
                .until(() -> connection.getCloseReason() != null && !connection.isOpen());
        return of(new AlreadyClosedException(connection.getCloseReason()));
    }
}
