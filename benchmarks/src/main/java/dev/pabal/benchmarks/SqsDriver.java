package dev.pabal.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * A client program with AWS's SDK: connections that send, receive and delete in turn, for a time. The same for every broker. Usage: endpoint,
 * queue, whether FIFO, batch size, connections, seconds.
 */
public final class SqsDriver {
    private static final int BODY_BYTES = 1024;
    private static final int GROUPS = 1000;
    private static final String BODY = "x".repeat(BODY_BYTES);

    private final SqsClient client;
    private final String queueUrl;
    private final boolean fifo;
    private final int batch;
    private final AtomicLong ids = new AtomicLong();
    private final String run = Long.toString(System.nanoTime(), 36);
    private final LongAdder deleted = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder receivingNs = new LongAdder();
    private volatile boolean ended;

    private SqsDriver(SqsClient client, String queueUrl, boolean fifo, int batch) {
        this.client = client;
        this.queueUrl = queueUrl;
        this.fifo = fifo;
        this.batch = batch;
    }

    /** @param args see the class */
    public static void main(String[] args) throws InterruptedException {
        boolean fifo = Boolean.parseBoolean(args[2]);
        int connections = Integer.parseInt(args[4]);
        double seconds = Double.parseDouble(args[5]);
        try (SqsClient client = client(args[0], connections)) {
            SqsDriver driver = new SqsDriver(client, create(client, args[1], fifo), fifo, Integer.parseInt(args[3]));
            driver.run(connections, seconds);
        }
    }

    /** A client on so many connections at most. */
    static SqsClient client(String endpoint, int connections) {
        return SqsClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .httpClientBuilder(
                        ApacheHttpClient.builder().maxConnections(connections).socketTimeout(Duration.ofSeconds(60)))
                .build();
    }

    /** The broker once it answers. */
    static Broker started(Broker broker) throws IOException {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        try (SqsClient client = client("http://" + broker.bootstrap(), 1)) {
            while (true) {
                try {
                    client.listQueues();
                    return broker;
                } catch (SdkException e) {
                    if (System.nanoTime() > until || !broker.isAlive()) {
                        broker.kill();
                        throw new IOException("the broker did not start", e);
                    }
                }
            }
        }
    }

    /** Makes the queue where it is not there; returns its URL. */
    static String create(SqsClient client, String queue, boolean fifo) {
        Map<QueueAttributeName, String> attributes = fifo
                ? Map.of(QueueAttributeName.FIFO_QUEUE, "true", QueueAttributeName.VISIBILITY_TIMEOUT, "30")
                : Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "30");
        return client.createQueue(r -> r.queueName(queue).attributes(attributes))
                .queueUrl();
    }

    private void run(int connections, double seconds) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Thread thread = new Thread(this::work, "connection-" + i);
            threads.add(thread);
            thread.start();
        }
        Thread.sleep((long) (seconds * 1000 / 3));
        long begin = System.nanoTime();
        long deletedBefore = deleted.sum();
        long receivedBefore = received.sum();
        long receivingBefore = receivingNs.sum();
        Thread.sleep((long) (seconds * 2000 / 3));
        double elapsed = (System.nanoTime() - begin) / 1e9;
        double perSecond = (deleted.sum() - deletedBefore) / elapsed;
        double receivedPerSecond =
                (received.sum() - receivedBefore) * 1e9 / Math.max(1, receivingNs.sum() - receivingBefore);
        ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(
                Locale.ROOT,
                "messages=%d perSecond=%.1f receivedPerSecond=%.1f%n",
                deleted.sum(),
                perSecond,
                receivedPerSecond);
    }

    private void work() {
        while (!ended) {
            try {
                send();
                receiveAndDelete();
            } catch (SdkException e) {
                if (!ended) {
                    System.err.println(e.getMessage());
                }
            }
        }
    }

    private void send() {
        if (batch == 1) {
            long id = ids.getAndIncrement();
            client.sendMessage(r -> {
                r.queueUrl(queueUrl).messageBody(BODY);
                if (fifo) {
                    r.messageGroupId(group(id)).messageDeduplicationId(run + id);
                }
            });
        } else {
            sendBatch(client, queueUrl, fifo, batch, ids.getAndAdd(batch), run);
        }
    }

    /** Sends one batch whose messages are numbered from {@code first}. */
    static void sendBatch(SqsClient client, String queueUrl, boolean fifo, int batch, long first, String run) {
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>(batch);
        for (int i = 0; i < batch; i++) {
            SendMessageBatchRequestEntry.Builder entry = SendMessageBatchRequestEntry.builder()
                    .id(Integer.toString(i))
                    .messageBody(BODY);
            if (fifo) {
                entry.messageGroupId(group(first + i)).messageDeduplicationId(run + (first + i));
            }
            entries.add(entry.build());
        }
        if (client.sendMessageBatch(r -> r.queueUrl(queueUrl).entries(entries))
                        .successful()
                        .size()
                != batch) {
            throw new IllegalStateException("a batch was not taken whole");
        }
    }

    private static String group(long id) {
        return "group-" + id % GROUPS;
    }

    private void receiveAndDelete() {
        long begin = System.nanoTime();
        List<Message> messages = client.receiveMessage(r -> r.queueUrl(queueUrl).maxNumberOfMessages(batch))
                .messages();
        receivingNs.add(System.nanoTime() - begin);
        received.add(messages.size());
        if (messages.isEmpty()) {
            return;
        }
        if (batch == 1) {
            client.deleteMessage(
                    r -> r.queueUrl(queueUrl).receiptHandle(messages.get(0).receiptHandle()));
        } else {
            List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>(messages.size());
            for (int i = 0; i < messages.size(); i++) {
                entries.add(DeleteMessageBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .receiptHandle(messages.get(i).receiptHandle())
                        .build());
            }
            client.deleteMessageBatch(r -> r.queueUrl(queueUrl).entries(entries));
        }
        deleted.add(messages.size());
    }
}
