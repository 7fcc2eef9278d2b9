package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.PurgeQueueInProgressException;
import software.amazon.awssdk.services.sqs.model.QueueDeletedRecentlyException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** PurgeQueue and DeleteQueue with their 60 seconds. */
class PurgeDeleteTest extends SqsTest {
    PurgeDeleteTest(SqsUnderTest broker) {
        super(broker);
    }

    private void purge(String url) {
        sqs.purgeQueue(request -> request.queueUrl(url));
    }

    @Test
    void purgingRemovesWhatWaitsWhatIsInFlightAndWhatIsDelayed() {
        String url = queue();
        sendMany(url, numbered("m", 10));
        Message inFlight = receiveOne(url, request -> request.visibilityTimeout(1));
        sqs.sendMessage(request -> request.queueUrl(url).messageBody("later").delaySeconds(1));
        purge(url);
        assertThat(count(url) + inFlight(url) + delayed(url)).isZero();
        assertThat(receive(url, request -> request.waitTimeSeconds(2))).isEmpty();
        delete(url, inFlight);
        sendMany(url, numbered("after", 3));
        assertThat(bodies(url)).containsExactlyElementsOf(numbered("after", 3));
    }

    @Test
    void aQueueIsPurgedOnceAMinute() {
        String url = queue();
        purge(url);
        SqsException refusal = assertRefused("AWS.SimpleQueueService.PurgeQueueInProgress", () -> purge(url));
        assertThat(refusal).isInstanceOf(PurgeQueueInProgressException.class);
        assertThat(refusal.statusCode()).isEqualTo(403);
        assertThat(message(refusal))
                .isEqualTo("Only one PurgeQueue operation on " + nameOf(url) + " is allowed every 60 seconds.");
        purge(queue());
    }

    @Test
    void purgingFreesTheGroupsOfAFifoQueue() {
        String url = fifoByContent();
        sendToGroups(url, "g-1", "g-2");
        receiveOne(url);
        purge(url);
        sendToGroups(url, "g-3");
        assertThat(bodies(url)).containsExactly("g-3");
    }

    @Test
    void aDeletedQueueIsGone() {
        String url = queue();
        send(url, "lost");
        sqs.deleteQueue(request -> request.queueUrl(url));
        assertRefused("AWS.SimpleQueueService.NonExistentQueue", () -> receive(url));
        assertRefused("AWS.SimpleQueueService.NonExistentQueue", () -> send(url, "too late"));
        assertThat(sqs.listQueues(request -> request.queueNamePrefix(nameOf(url)))
                        .queueUrls())
                .isEmpty();
    }

    @Test
    void aDeletedQueueIsCreatedAgainAfterAMinuteOnly() {
        String name = unique("deleted");
        String url = create(name, Map.of());
        sqs.deleteQueue(request -> request.queueUrl(url));
        SqsException refusal =
                assertRefused("AWS.SimpleQueueService.QueueDeletedRecently", () -> create(name, Map.of()));
        assertThat(refusal).isInstanceOf(QueueDeletedRecentlyException.class);
        assertThat(message(refusal))
                .isEqualTo(
                        "You must wait 60 seconds after deleting a queue before you can create another with the same name.");
    }
}
