package dev.pabal.amqp.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.broker.queue.MessageQueue;
import org.junit.jupiter.api.Test;

class ConsumersTest {
    private final ServerChannel channel = new FakeLink().channel(1);
    private final Consumers consumers = channel.consumers();

    @Test
    void queuesThatMessagesWereGotFromAreForgottenWhenNoneIsUnsettled() {
        MessageQueue held = new FakeQueue().queue();
        Getter holding = consumers.getter(held);
        channel.unsettled().add(holding, 5, 1);
        for (int i = 0; i < 1_000; i++) {
            consumers.getter(new FakeQueue().queue());
            assertThat(consumers.getters()).isLessThanOrEqualTo(64);
        }
        assertThat(consumers.getter(held)).isSameAs(holding);
    }
}
