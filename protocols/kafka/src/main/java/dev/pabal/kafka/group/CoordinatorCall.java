package dev.pabal.kafka.group;

import dev.pabal.kafka.KafkaRequest;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** How one API is served by a coordinator that is ready. Called by any thread; must not block. */
@FunctionalInterface
interface CoordinatorCall {
    /**
     * @return the response message; fails with what {@link KafkaRequest#fail} is to answer
     */
    CompletableFuture<? extends ApiMessage> serve(KafkaRequest request, GroupCoordinator coordinator);
}
