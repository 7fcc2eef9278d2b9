package dev.pabal.kafka;

import dev.pabal.broker.Broker;
import dev.pabal.kafka.data.DataApis;
import dev.pabal.kafka.wire.KafkaChannelInitializer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The Kafka protocol over a broker: the handlers served, and what a listener needs to serve them.
 *
 * <pre>{@code
 * KafkaProtocol kafka = new KafkaProtocol(broker, otherHandlers, limits);
 * new ServerBootstrap().group(loops).channel(...).childHandler(kafka.initializer(() -> advertised, metrics)).bind(host, port);
 * }</pre>
 */
public final class KafkaProtocol {
    private final List<ApiHandler> handlers;
    private final KafkaLimits limits;

    /**
     * Joins the APIs that carry records, those given, and ApiVersions, which says what they all are.
     *
     * @param others handlers of other packages: administration, groups
     */
    public KafkaProtocol(Broker broker, Collection<ApiHandler> others, KafkaLimits limits) {
        List<ApiHandler> all = new ArrayList<>(DataApis.handlers(broker, limits));
        all.addAll(others);
        all.add(new ApiVersionsHandler(broker, all));
        this.handlers = List.copyOf(all);
        this.limits = limits;
    }

    /** All that is served. */
    public List<ApiHandler> handlers() {
        return handlers;
    }

    /**
     * Makes accepted sockets Kafka connections; may be bound to several listeners.
     *
     * @param advertised where clients reach the broker; asked at each Metadata, so that the port may be known only after the bind
     */
    public KafkaChannelInitializer initializer(Supplier<Endpoint> advertised, KafkaMetrics metrics) {
        return new KafkaChannelInitializer(handlers, advertised, limits, metrics);
    }
}
