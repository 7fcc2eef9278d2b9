package dev.pabal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.testkit.PabalProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * Memory over a long run: messages are sent, received, made visible again, received anew and deleted for minutes, and what is left on the heap
 * after a collection, and resident at all, is what it was after the first third. With the profile {@code faults} only.
 */
class SqsMemoryTest {
    private static final long SECONDS = Long.getLong("pabal.sqs.memory.s", 0);
    private static final long HEAP_GROWTH_BYTES = 16 << 20;
    private static final long RESIDENT_GROWTH_BYTES = 96 << 20;
    private static final int BATCH = 10;
    private static final int IDS = 1_000;
    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    @Test
    void whatIsDeletedLeavesNothingBehind(@TempDir Path data) throws Exception {
        if (SECONDS == 0) {
            Assumptions.abort("runs with the profile faults");
        }
        try (PabalProcess broker = PabalProcess.builder(data).start();
                SqsClient client = SqsClients.connect(broker)) {
            List<String> queues = List.of(
                    client.createQueue(r -> r.queueName("standard")).queueUrl(),
                    client.createQueue(r -> r.queueName("ordered.fifo")
                                    .attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")))
                            .queueUrl());
            long rounds = work(client, queues, 0, SECONDS / 3);
            long heapBefore = heapBytes(broker);
            long residentBefore = broker.residentBytes();
            rounds = work(client, queues, rounds, SECONDS - SECONDS / 3);
            assertThat(heapBytes(broker)).as("heap after %d rounds", rounds).isLessThan(heapBefore + HEAP_GROWTH_BYTES);
            assertThat(broker.residentBytes())
                    .as("resident after %d rounds", rounds)
                    .isLessThan(residentBefore + RESIDENT_GROWTH_BYTES);
        }
    }

    /** Rounds until the time is over; says how many there were in all. */
    private static long work(SqsClient client, List<String> queues, long begun, long seconds) {
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long rounds = begun;
        while (System.nanoTime() < untilNs) {
            for (String queue : queues) {
                round(client, queue, rounds);
            }
            rounds++;
        }
        return rounds;
    }

    /** Ids of FIFO messages come again, so that what is remembered of them for five minutes does not count. */
    private static void round(SqsClient client, String queue, long round) {
        boolean fifo = queue.endsWith(".fifo");
        List<SendMessageBatchRequestEntry> entries = IntStream.range(0, BATCH)
                .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                        .id("id" + i)
                        .messageBody("x".repeat(500) + round)
                        .messageGroupId(fifo ? "group" + i : null)
                        .messageDeduplicationId(fifo ? "id" + (round * BATCH + i) % IDS : null)
                        .build())
                .toList();
        client.sendMessageBatch(r -> r.queueUrl(queue).entries(entries));
        for (Message message : receive(client, queue)) {
            client.changeMessageVisibility(r ->
                    r.queueUrl(queue).receiptHandle(message.receiptHandle()).visibilityTimeout(0));
        }
        for (List<Message> messages = receive(client, queue); !messages.isEmpty(); messages = receive(client, queue)) {
            List<DeleteMessageBatchRequestEntry> deleted = new ArrayList<>();
            for (Message message : messages) {
                deleted.add(DeleteMessageBatchRequestEntry.builder()
                        .id("id" + deleted.size())
                        .receiptHandle(message.receiptHandle())
                        .build());
            }
            client.deleteMessageBatch(r -> r.queueUrl(queue).entries(deleted));
        }
    }

    private static List<Message> receive(SqsClient client, String queue) {
        return client.receiveMessage(r -> r.queueUrl(queue).maxNumberOfMessages(BATCH))
                .messages();
    }

    /** What is used of the heap's generations after a full collection. */
    private static long heapBytes(PabalProcess broker) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String pid = Long.toString(broker.pid());
        Commands.run(jcmd, pid, "GC.run");
        String info = Commands.run(jcmd, pid, "GC.heap_info");
        Matcher used = USED.matcher(info);
        long bytes = 0;
        while (used.find()) {
            bytes += Long.parseLong(used.group(1)) << 10;
        }
        assertThat(bytes).as(info).isPositive();
        return bytes;
    }
}
