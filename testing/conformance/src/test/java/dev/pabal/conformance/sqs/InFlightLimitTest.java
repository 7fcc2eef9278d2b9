package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.pabal.conformance.BrokerUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.OverLimitException;

/** At most 120,000 messages of a queue are in flight. */
@ExtendWith(BrokerUnderTest.Started.class)
class InFlightLimitTest extends SqsTest {
    private static final int LIMIT = 120_000;
    /** Many, for each receive waits for a sync of the disk, which those that come together share. */
    private static final int RECEIVERS = 40;

    private final BrokerUnderTest shared;

    InFlightLimitTest(SqsUnderTest broker, BrokerUnderTest shared) {
        super(broker);
        this.shared = shared;
    }

    @Test
    void aShortPollBeyondTheLimitIsRefusedAndALongOneWaits() throws Exception {
        String url = queue("VisibilityTimeout", "3600");
        fill(nameOf(url));
        AtomicReference<Message> any = new AtomicReference<>();
        ExecutorService threads = Executors.newFixedThreadPool(RECEIVERS);
        try {
            List<CompletableFuture<Void>> receivers = new ArrayList<>();
            for (int i = 0; i < RECEIVERS; i++) {
                receivers.add(CompletableFuture.runAsync(
                        () -> {
                            for (int r = 0; r < LIMIT / 10 / RECEIVERS; r++) {
                                List<Message> messages = sqs.receiveMessage(
                                                request -> request.queueUrl(url).maxNumberOfMessages(10))
                                        .messages();
                                any.set(messages.get(0));
                            }
                        },
                        threads));
            }
            for (CompletableFuture<Void> receiver : receivers) {
                receiver.get(600, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(inFlight(url)).isEqualTo(LIMIT);
        assertThat(assertRefused("OverLimit", () -> receive(url))).isInstanceOf(OverLimitException.class);
        assertThat(receive(url, request -> request.waitTimeSeconds(1))).isEmpty();
        delete(url, any.get());
        assertThat(receive(url)).isNotEmpty();
        sqs.deleteQueue(request -> request.queueUrl(url));
    }

    /** By AMQP, which is quicker. */
    private void fill(String queue) throws Exception {
        try (Connection connection = shared.connectByAmqp();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            for (int i = 0; i < LIMIT + 10; i++) {
                channel.basicPublish("", queue, null, new byte[] {'x'});
            }
            channel.waitForConfirmsOrDie(300_000);
        }
    }
}
