package dev.pabal.faults;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * For each queue a publisher that asks for confirms and a consumer that settles by hand, with RabbitMQ's Java client, writing down what they
 * did and saw in {@link QueueHistory}. They connect again whenever the broker went away, and never publish a message twice.
 */
final class QueueLoad implements AutoCloseable {
    private static final int MAX_UNCONFIRMED = 200;
    private static final int PREFETCH = 100;
    /** Settlements of one consumer between two questions that the broker answers only once it knows of those before. */
    private static final int ACKS_BETWEEN_QUESTIONS = 50;

    private static final int RETURN_EVERY = 37;
    private static final int KEEP_EVERY = 211;

    private final ConnectionFactory factory = new ConnectionFactory();
    private final int queues;
    private final QueueHistory history = new QueueHistory();
    private final List<Thread> publishers = new ArrayList<>();
    private final List<Thread> consumers = new ArrayList<>();
    private volatile boolean publishing = true;
    private volatile boolean consuming = true;

    private QueueLoad(int port, int queues) {
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(5_000);
        factory.setHandshakeTimeout(10_000);
        this.queues = queues;
    }

    static QueueLoad start(int port, int queues) throws IOException, TimeoutException {
        QueueLoad load = new QueueLoad(port, queues);
        try (Connection connection = load.factory.newConnection();
                Channel channel = connection.createChannel()) {
            for (int i = 0; i < queues; i++) {
                channel.queueDeclare(name(i), true, false, false, Map.of());
            }
        }
        for (int i = 0; i < queues; i++) {
            int mine = i;
            load.publishers.add(load.run("publisher-" + i, () -> load.publish(mine)));
            load.consumers.add(load.run("consumer-" + i, () -> load.consume(mine)));
        }
        return load;
    }

    QueueHistory history() {
        return history;
    }

    private static String name(int queue) {
        return "load-" + queue;
    }

    private Thread run(String name, Work work) {
        Thread thread = new Thread(() -> goOn(work), name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** One connection after the other, until there is nothing more to do. */
    private static void goOn(Work work) {
        boolean more = true;
        while (more && !Thread.currentThread().isInterrupted()) {
            try {
                more = work.oneConnection();
            } catch (IOException | TimeoutException | com.rabbitmq.client.ShutdownSignalException e) {
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }

    private boolean publish(int queue) throws IOException, TimeoutException, InterruptedException {
        Connection connection = factory.newConnection();
        try {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            Semaphore room = new Semaphore(MAX_UNCONFIRMED);
            ConcurrentSkipListMap<Long, String> unconfirmed = new ConcurrentSkipListMap<>();
            channel.addConfirmListener(
                    (tag, multiple) -> answered(unconfirmed, tag, multiple, room, true),
                    (tag, multiple) -> answered(unconfirmed, tag, multiple, room, false));
            while (publishing) {
                if (!room.tryAcquire(1, TimeUnit.SECONDS)) {
                    if (!channel.isOpen()) {
                        return true;
                    }
                    continue;
                }
                String id = history.publishing(queue);
                unconfirmed.put(channel.getNextPublishSeqNo(), id);
                byte[] body = (id + " " + "x".repeat(id.hashCode() & 0x1ff)).getBytes(StandardCharsets.UTF_8);
                channel.basicPublish("", name(queue), MessageProperties.PERSISTENT_BASIC, body);
            }
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!unconfirmed.isEmpty() && channel.isOpen() && System.nanoTime() < deadlineNs) {
                pause();
            }
            return false;
        } finally {
            connection.abort(1_000);
        }
    }

    private void answered(
            ConcurrentSkipListMap<Long, String> unconfirmed,
            long tag,
            boolean multiple,
            Semaphore room,
            boolean taken) {
        Map<Long, String> answered =
                multiple ? unconfirmed.headMap(tag, true) : unconfirmed.subMap(tag, true, tag, true);
        for (Long each : List.copyOf(answered.keySet())) {
            String id = unconfirmed.remove(each);
            if (id != null) {
                if (taken) {
                    history.confirmed(id);
                }
                room.release();
            }
        }
    }

    private boolean consume(int queue) throws IOException, TimeoutException, InterruptedException {
        Connection connection = factory.newConnection();
        try {
            Channel channel = connection.createChannel();
            channel.basicQos(PREFETCH);
            BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
            channel.basicConsume(name(queue), false, (tag, delivery) -> deliveries.add(delivery), tag -> {});
            List<String> settled = new ArrayList<>();
            int idle = 0;
            while (consuming || idle < 10) {
                Delivery delivery = deliveries.poll(100, TimeUnit.MILLISECONDS);
                if (delivery == null) {
                    if (!channel.isOpen()) {
                        return true;
                    }
                    idle++;
                } else {
                    idle = 0;
                    settle(channel, delivery, settled);
                }
                if (settled.size() >= ACKS_BETWEEN_QUESTIONS || (delivery == null && !settled.isEmpty())) {
                    ask(channel, queue, settled);
                }
            }
            return false;
        } finally {
            connection.abort(1_000);
        }
    }

    private void settle(Channel channel, Delivery delivery, List<String> settled) throws IOException {
        String id = new String(delivery.getBody(), StandardCharsets.UTF_8).split(" ", 2)[0];
        int times = history.delivered(id, delivery.getEnvelope().isRedeliver());
        long tag = delivery.getEnvelope().getDeliveryTag();
        long number = Long.parseLong(id.substring(id.indexOf('-') + 1));
        if (times == 1 && number % RETURN_EVERY == 0) {
            channel.basicNack(tag, false, true);
        } else if (consuming && times == 1 && number % KEEP_EVERY == 0) {
            // Kept until the connection ends: it must come back then, once, for all that are kept come first and may be
            // as many as it may hold.
            history.kept(id);
        } else {
            history.settling(id);
            channel.basicAck(tag, false);
            settled.add(id);
        }
    }

    /** The broker answers once it has handed over what the connection settled before. */
    private void ask(Channel channel, int queue, List<String> settled) throws IOException {
        AMQP.Queue.DeclareOk answer = channel.queueDeclarePassive(name(queue));
        if (answer.getQueue().equals(name(queue))) {
            history.settled(settled);
            settled.clear();
        }
    }

    /** Stops publishing, lets the consumers empty the queues, and says how many messages are left. */
    long finish() throws IOException, TimeoutException, InterruptedException {
        publishing = false;
        for (Thread publisher : publishers) {
            publisher.join(TimeUnit.SECONDS.toMillis(60));
        }
        consuming = false;
        for (Thread consumer : consumers) {
            consumer.join(TimeUnit.SECONDS.toMillis(60));
        }
        long left = 0;
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            for (int i = 0; i < queues; i++) {
                left += emptied(channel, i);
            }
        }
        return left;
    }

    /** Consumes until nothing is left, and says how much is left after a while all the same. */
    private long emptied(Channel asking, int queue) throws IOException, TimeoutException, InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (true) {
            // What consumers hold comes back when their connections are gone: only then the count says all.
            while (asking.consumerCount(name(queue)) > 0 && System.nanoTime() < deadlineNs) {
                pause();
            }
            long left = asking.messageCount(name(queue));
            if (left == 0 || System.nanoTime() >= deadlineNs) {
                return left;
            }
            consume(queue);
        }
    }

    @Override
    public void close() {
        publishing = false;
        consuming = false;
        publishers.forEach(Thread::interrupt);
        consumers.forEach(Thread::interrupt);
    }

    /** What a thread does with one connection; true where it wants another. */
    @FunctionalInterface
    private interface Work {
        boolean oneConnection() throws IOException, TimeoutException, InterruptedException;
    }
}
