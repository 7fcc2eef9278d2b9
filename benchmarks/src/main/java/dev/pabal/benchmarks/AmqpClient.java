package dev.pabal.benchmarks;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** One connection and one channel of RabbitMQ's Java client, for what PerfTest does not do. */
final class AmqpClient implements AutoCloseable {
    private static final int MAX_START_MS = 180_000;
    private static final long CONFIRM_TIMEOUT_MS = 60_000;
    static final byte[] BODY = new byte[100];

    private final Connection connection;
    private final Channel channel;

    private AmqpClient(Connection connection, Channel channel) {
        this.connection = connection;
        this.channel = channel;
    }

    static AmqpClient connect(Broker broker) throws IOException {
        try {
            return tryToConnect(broker);
        } catch (TimeoutException e) {
            throw new IOException("no connection within its time", e);
        }
    }

    private static AmqpClient tryToConnect(Broker broker) throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(broker.port());
        factory.setAutomaticRecoveryEnabled(false);
        Connection connection = factory.newConnection();
        return new AmqpClient(connection, connection.createChannel());
    }

    /** A started broker and how long its first confirm took. */
    record Started(Broker broker, double seconds) {}

    /** Starts a broker and publishes one persistent message to a durable queue as soon as it is let; until its confirm. */
    static Started start(Contender contender, Path data, String queue) throws IOException {
        long begin = System.nanoTime();
        Broker broker = contender.start(data);
        while (!publishOne(broker, queue)) {
            if (System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(MAX_START_MS) || !broker.isAlive()) {
                broker.kill();
                throw new IllegalStateException(contender.name() + " does not come up; see its log in the work folder");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return new Started(broker, (System.nanoTime() - begin) / 1e9);
    }

    private static boolean publishOne(Broker broker, String queue) {
        try (AmqpClient client = tryToConnect(broker)) {
            client.declare(queue, Map.of());
            client.publish(queue, 1);
            return true;
        } catch (IOException | TimeoutException | AlreadyClosedException e) {
            return false;
        }
    }

    Channel channel() {
        return channel;
    }

    /** A durable queue. */
    void declare(String queue, Map<String, Object> arguments) throws IOException {
        channel.queueDeclare(queue, true, false, false, arguments);
    }

    /** Publishes persistent messages of 100 B with at most 1,000 unconfirmed, waits for all confirms, and returns messages a second. */
    double publish(String queue, long count) throws IOException {
        return publish(new String[] {queue}, count);
    }

    /** The same, to several queues in turn. */
    double publish(String[] queues, long count) throws IOException {
        channel.confirmSelect();
        ConfirmWindow window = new ConfirmWindow(channel);
        long begin = System.nanoTime();
        for (long i = 0; i < count; i++) {
            window.awaitRoom(CONFIRM_TIMEOUT_MS);
            channel.basicPublish(
                    "", queues[(int) (i % queues.length)], MessageProperties.MINIMAL_PERSISTENT_BASIC, BODY);
        }
        window.awaitAll(CONFIRM_TIMEOUT_MS);
        channel.clearConfirmListeners();
        return count / ((System.nanoTime() - begin) / 1e9);
    }

    /** Messages ready in a queue. */
    long ready(String queue) throws IOException {
        AMQP.Queue.DeclareOk answer = channel.queueDeclarePassive(queue);
        return answer.getMessageCount();
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close(10_000);
        } catch (AlreadyClosedException e) {
            // The broker was faster.
        }
    }
}
