package dev.pabal.sqs.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.sqs.realm.Realm;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueAddressTest {
    private static final Realm CALLER = new Realm("eu-west-1", "000000000000");
    private static final Realm OTHER = CALLER.inAccount("123456789012");

    @Test
    void aUrlNamesTheAccountAndTheQueue() {
        for (String url : List.of(
                "http://localhost:9324/123456789012/q",
                "https://sqs.us-east-1.amazonaws.com/123456789012/q",
                "http://localhost:4566/queue/us-east-1/123456789012/q",
                "/123456789012/q/",
                "123456789012/q")) {
            assertThat(QueueAddress.in(url, CALLER)).as(url).isEqualTo(new QueueAddress(OTHER, "q"));
        }
        assertThat(QueueAddress.in("http://h/000000000000/q.fifo", CALLER).realm())
                .isSameAs(CALLER);
    }

    @Test
    void withoutAnAccountTheCallersIsMeant() {
        for (String url : List.of(
                "q",
                "/q",
                "http://h/q",
                "http://123456789012/q",
                "/1/q",
                "/queue/q",
                "/12345678901/q",
                "/0123456789012/q",
                "/x123456789012/q",
                "/12345678901x/q")) {
            assertThat(QueueAddress.in(url, CALLER)).as(url).isEqualTo(new QueueAddress(CALLER, "q"));
        }
    }

    @Test
    void anArnNamesAllThree() {
        assertThat(QueueAddress.ofArn("arn:aws:sqs:eu-west-1:123456789012:q.fifo"))
                .isEqualTo(new QueueAddress(OTHER, "q.fifo"));
        for (String none : List.of(
                "",
                "q",
                "arn:aws:sqs:eu-west-1:123456789012:",
                "arn:aws:sqs:eu-west-1:123456789012",
                "arn:aws:sqs:eu-west-1:123456789012:q:r",
                "arn:aws:sqs:eu-west-1:12345:q",
                "arn:aws:sqs::123456789012:q",
                "arn:aws:sqs:EU:123456789012:q",
                "arn:aws:sns:eu-west-1:123456789012:q",
                "arn:aws-cn:sqs:eu-west-1:123456789012:q",
                "urn:aws:sqs:eu-west-1:123456789012:q")) {
            assertThat(QueueAddress.ofArn(none)).as(none).isNull();
        }
    }
}
