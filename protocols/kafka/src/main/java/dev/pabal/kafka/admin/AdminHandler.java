package dev.pabal.kafka.admin;

import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.kafka.KafkaRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A handler of administration: turns a request into a future of its answer. Each item of a request has its own outcome; what fails as a whole
 * is answered with the error of the whole.
 *
 * @param <Q> the request's generated message
 */
abstract class AdminHandler<Q extends ApiMessage> implements ApiHandler {
    private final ApiKeys key;
    private final Class<Q> type;

    AdminHandler(ApiKeys key, Class<Q> type) {
        this.key = key;
        this.type = type;
    }

    /** The answer; may be complete already. */
    abstract CompletableFuture<? extends ApiMessage> serve(Q body, KafkaRequest request);

    @Override
    public final ApiKeys apiKey() {
        return key;
    }

    @Override
    public final void handle(KafkaRequest request) {
        serve(type.cast(request.body()), request).whenComplete((answer, error) -> {
            if (error != null) {
                request.fail(error);
            } else {
                request.respond(answer);
            }
        });
    }

    /** All results in order, when all are there. */
    static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(
                        nothing -> parts.stream().map(CompletableFuture::join).toList());
    }

    /** The same, or a failure with {@link Errors#REQUEST_TIMED_OUT} after the client's time; what was begun goes on all the same. */
    static <T> CompletableFuture<T> within(CompletableFuture<T> future, int timeoutMs) {
        return future.isDone() ? future : future.copy().orTimeout(Math.max(1, timeoutMs), TimeUnit.MILLISECONDS);
    }

    /**
     * How one item of a request came out.
     *
     * @param message for people; null where the code says all
     */
    record Outcome(Errors error, @Nullable String message) {
        static final Outcome GOOD = new Outcome(Errors.NONE, null);

        static Outcome of(@Nullable Throwable failure) {
            return failure == null ? GOOD : new Outcome(KafkaErrors.of(failure), KafkaErrors.message(failure));
        }

        static Outcome bad(Errors error, String message) {
            return new Outcome(error, message);
        }

        boolean good() {
            return error == Errors.NONE;
        }

        short code() {
            return error.code();
        }
    }
}
