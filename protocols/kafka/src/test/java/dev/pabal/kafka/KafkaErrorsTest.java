package dev.pabal.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.log.LogException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KafkaErrorsTest {
    @ParameterizedTest
    @EnumSource(Refusal.class)
    void everyRefusalHasACodeThatClientsKnow(Refusal refusal) {
        assertThat(KafkaErrors.of(refusal)).isNotIn(Errors.NONE, Errors.UNKNOWN_SERVER_ERROR);
    }

    @ParameterizedTest
    @EnumSource(LogException.Reason.class)
    void everyReasonOfALogHasACodeThatClientsKnow(LogException.Reason reason) {
        assertThat(KafkaErrors.of(new LogException(reason, "x"))).isNotIn(Errors.NONE, Errors.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void looksThroughWrappersOfFutures() {
        Throwable wrapped = new CompletionException(
                new CompletionException(new BrokerException(Refusal.TOPIC_EXISTS, "Topic 'a' already exists.")));
        assertThat(KafkaErrors.of(wrapped)).isEqualTo(Errors.TOPIC_ALREADY_EXISTS);
        assertThat(KafkaErrors.message(wrapped)).isEqualTo("Topic 'a' already exists.");
        assertThat(KafkaErrors.of(new CompletionException(new InvalidTopicException("b"))))
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void wordsOfAnUnforeseenFailureAreNotForClients() {
        Throwable unforeseen = new IllegalStateException("inside");
        assertThat(KafkaErrors.of(unforeseen)).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
        assertThat(KafkaErrors.message(unforeseen)).isNull();
    }
}
