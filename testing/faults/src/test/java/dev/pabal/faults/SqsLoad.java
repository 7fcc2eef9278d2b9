package dev.pabal.faults;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * Senders and receivers on a standard queue and a FIFO queue, which go on over restarts of the broker. A send to the FIFO queue that was not
 * answered is repeated under its id until it is; one to the standard queue is given up.
 */
final class SqsLoad implements AutoCloseable {
    private static final int GROUPS_PER_SENDER = 4;
    private static final int SENDERS = 2;
    private static final int RECEIVERS = 2;
    private static final int VISIBILITY_SECONDS = 3;
    private static final long PAUSE_MS = 50;

    private final SqsClient client;
    private final SqsHistory history;
    private final String standard;
    private final String fifo;
    private final List<Thread> senders = new ArrayList<>();
    private final List<Thread> receivers = new ArrayList<>();
    private volatile boolean sending = true;
    private volatile boolean receiving = true;

    SqsLoad(String endpoint, SqsHistory history) {
        this.history = history;
        this.client = SqsClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClient(ApacheHttpClient.builder()
                        .socketTimeout(Duration.ofSeconds(20))
                        .build())
                .overrideConfiguration(config -> config.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
        this.standard = create("kill-standard", Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "" + VISIBILITY_SECONDS));
        this.fifo = create(
                "kill.fifo",
                Map.of(
                        QueueAttributeName.FIFO_QUEUE, "true",
                        QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "true",
                        QueueAttributeName.VISIBILITY_TIMEOUT, "" + VISIBILITY_SECONDS));
    }

    private String create(String name, Map<QueueAttributeName, String> attributes) {
        return client.createQueue(request -> request.queueName(name).attributes(attributes))
                .queueUrl();
    }

    void start() {
        for (int i = 0; i < SENDERS; i++) {
            int sender = i;
            senders.add(started("sqs-sender-" + i, () -> sendToStandard(sender)));
            senders.add(started("sqs-fifo-sender-" + i, () -> sendToGroups(sender)));
        }
        for (int i = 0; i < RECEIVERS; i++) {
            receivers.add(started("sqs-receiver-" + i, () -> receive(standard)));
            receivers.add(started("sqs-fifo-receiver-" + i, () -> receive(fifo)));
        }
    }

    private static Thread started(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void sendToStandard(int sender) {
        for (int n = 0; sending; n++) {
            String body = "s" + sender + "-" + n;
            history.sending(body);
            send(SendMessageRequest.builder()
                    .queueUrl(standard)
                    .messageBody(body)
                    .build());
        }
    }

    private void sendToGroups(int sender) {
        for (int n = 0; sending; n++) {
            for (int g = 0; g < GROUPS_PER_SENDER; g++) {
                String body = "g" + (sender * GROUPS_PER_SENDER + g) + "-" + n;
                history.sending(body);
                SendMessageRequest request = SendMessageRequest.builder()
                        .queueUrl(fifo)
                        .messageBody(body)
                        .messageGroupId(SqsHistory.groupOf(body))
                        .build();
                while (!send(request) && receiving) {
                    // The answer did not come: the same id again, until one does.
                }
            }
        }
    }

    private boolean send(SendMessageRequest request) {
        try {
            client.sendMessage(request);
            history.accepted(request.messageBody());
            return true;
        } catch (SdkException notAnswered) {
            pause();
            return false;
        }
    }

    private void receive(String url) {
        while (receiving) {
            try {
                long askedNs = System.nanoTime();
                List<Message> messages = client.receiveMessage(request ->
                                request.queueUrl(url).maxNumberOfMessages(5).waitTimeSeconds(1))
                        .messages();
                history.received(
                        askedNs,
                        messages.stream().map(Message::body).toList(),
                        messages.stream().map(Message::messageId).toList());
                for (Message message : messages) {
                    history.deleting(message.body());
                    client.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
                    // Later than that another receiver may have it, and the old receipt deletes nothing.
                    if (System.nanoTime() - askedNs < TimeUnit.SECONDS.toNanos(VISIBILITY_SECONDS)) {
                        history.deleted(message.body());
                    }
                }
            } catch (SdkException notAnswered) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the senders; the receivers go on. */
    void stopSending() throws InterruptedException {
        sending = false;
        for (Thread sender : senders) {
            sender.join(TimeUnit.SECONDS.toMillis(30));
        }
    }

    /** How many messages are left in both queues, received or not. */
    int left() {
        return left(standard) + left(fifo);
    }

    private int left(String url) {
        Map<QueueAttributeName, String> counts = client.getQueueAttributes(
                        request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                .attributes();
        return Integer.parseInt(counts.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                + Integer.parseInt(counts.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
    }

    @Override
    public void close() throws InterruptedException {
        sending = false;
        receiving = false;
        for (Thread receiver : receivers) {
            receiver.join(TimeUnit.SECONDS.toMillis(30));
        }
        client.close();
    }
}
