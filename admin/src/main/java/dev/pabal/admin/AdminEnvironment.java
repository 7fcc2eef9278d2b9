package dev.pabal.admin;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the API tells of the program around it.
 *
 * @param version of this program
 * @param rabbitVersion the version of RabbitMQ whose behaviour is spoken, as clients are told over AMQP
 * @param listeners the ports that are bound
 * @param serving whether the program has started and is not stopping
 * @param startedAtMs ms since the epoch
 */
public record AdminEnvironment(
        String version,
        String rabbitVersion,
        Supplier<List<BoundPort>> listeners,
        BooleanSupplier serving,
        long startedAtMs) {
    /**
     * A port that is listened on.
     *
     * @param protocol as RabbitMQ names it: {@code amqp}, {@code http}; {@code kafka}
     */
    public record BoundPort(String protocol, String host, int port) {}
}
