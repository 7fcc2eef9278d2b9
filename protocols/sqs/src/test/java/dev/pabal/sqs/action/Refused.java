package dev.pabal.sqs.action;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What is refused, with which words. */
final class Refused {
    private Refused() {}

    static void with(SqsError error, String message, ThrowingCallable call) {
        SqsException refused = catchThrowableOfType(SqsException.class, call);
        Assertions.assertThat(refused).as("refused").isNotNull();
        Assertions.assertThat(refused.getMessage()).isEqualTo(message);
        Assertions.assertThat(refused.error()).isEqualTo(error);
    }
}
