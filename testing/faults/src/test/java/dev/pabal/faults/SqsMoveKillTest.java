package dev.pabal.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.testkit.PabalProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResultEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * {@code kill -9} while a move task is at work: it goes on after the restart and ends, no message is lost, and no more are there twice than
 * one step of the task has under way.
 */
class SqsMoveKillTest {
    private static final String ARN = "arn:aws:sqs:us-east-1:000000000000:";
    private static final int MESSAGES = 600;
    private static final int PER_SECOND = 100;
    /** What a task with that rate takes in one step. */
    private static final int PER_STEP = PER_SECOND / 10;

    private static final Duration PATIENCE = Duration.ofSeconds(180);

    @Test
    void aTaskThatAKillInterruptsGoesOnAndLosesNothing(@TempDir Path data) throws Exception {
        try (PabalProcess broker = PabalProcess.builder(data).start()) {
            try (SqsClient client = SqsClients.connect(broker)) {
                begin(client);
                await().atMost(PATIENCE).until(() -> ready(client, "back") >= MESSAGES / 10);
                assertThat(newest(client).status()).isEqualTo("RUNNING");
            }
            broker.kill();
            broker.restart();
            try (SqsClient client = SqsClients.connect(broker)) {
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(200))
                        .until(() -> newest(client).status().equals("COMPLETED"));
                assertThat(received(client, "dead")).as("left at the source").isEmpty();
                List<String> moved = received(client, "back");
                Map<String, Long> times = moved.stream()
                        .collect(Collectors.groupingBy(body -> body, TreeMap::new, Collectors.counting()));
                assertThat(times.keySet()).isEqualTo(bodies());
                assertThat(moved.size() - MESSAGES).as("moved twice").isBetween(0, PER_STEP);
            }
        }
    }

    private static void begin(SqsClient client) {
        client.createQueue(r -> r.queueName("dead"));
        client.createQueue(r -> r.queueName("back"));
        String policy = "{\"deadLetterTargetArn\":\"" + ARN + "dead\",\"maxReceiveCount\":1}";
        client.createQueue(r -> r.queueName("source").attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)));
        for (int i = 0; i < MESSAGES; i += 10) {
            List<SendMessageBatchRequestEntry> entries = IntStream.range(i, i + 10)
                    .mapToObj(number -> SendMessageBatchRequestEntry.builder()
                            .id("id" + number)
                            .messageBody(body(number))
                            .build())
                    .toList();
            client.sendMessageBatch(r -> r.queueUrl("dead").entries(entries));
        }
        client.startMessageMoveTask(
                r -> r.sourceArn(ARN + "dead").destinationArn(ARN + "back").maxNumberOfMessagesPerSecond(PER_SECOND));
    }

    private static String body(int number) {
        return "message-" + number;
    }

    private static Set<String> bodies() {
        return IntStream.range(0, MESSAGES).mapToObj(SqsMoveKillTest::body).collect(Collectors.toSet());
    }

    private static int ready(SqsClient client, String queue) {
        QueueAttributeName ready = QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;
        return Integer.parseInt(client.getQueueAttributes(r -> r.queueUrl(queue).attributeNames(ready))
                .attributes()
                .get(ready));
    }

    private static ListMessageMoveTasksResultEntry newest(SqsClient client) {
        return client.listMessageMoveTasks(r -> r.sourceArn(ARN + "dead"))
                .results()
                .get(0);
    }

    private static List<String> received(SqsClient client, String queue) {
        List<String> bodies = new ArrayList<>();
        while (true) {
            List<Message> messages = client.receiveMessage(r -> r.queueUrl(queue)
                            .maxNumberOfMessages(10)
                            .visibilityTimeout(600)
                            .waitTimeSeconds(1))
                    .messages();
            if (messages.isEmpty()) {
                return bodies;
            }
            messages.forEach(message -> bodies.add(message.body()));
        }
    }
}
