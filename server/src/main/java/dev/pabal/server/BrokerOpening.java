package dev.pabal.server;

import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerException;
import dev.pabal.broker.BrokerOptions;
import dev.pabal.broker.BrokerRuntime;
import dev.pabal.broker.Configs;
import dev.pabal.kafka.KafkaLimits;
import dev.pabal.log.LogStore;
import dev.pabal.log.seam.Clock;
import dev.pabal.server.config.PabalConfig;
import io.netty.channel.ChannelOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts the broker's runtime on a store, and takes the limits of the Kafka listener from its configs. */
final class BrokerOpening {
    private BrokerOpening() {}

    /** @throws StartException where a static config is wrong or a newer program wrote the catalog */
    static Broker open(PabalConfig config, LogStore store, EventLoops loops) {
        try {
            return BrokerRuntime.start(
                    BrokerOptions.of(config.brokerConfigs()), store, loops.shardLoops(), Clock.SYSTEM);
        } catch (BrokerException e) {
            throw new StartException(StartException.USAGE, sentence(e), e);
        } catch (IllegalArgumentException e) {
            throw new StartException(StartException.CANNOT_START, sentence(e), e);
        }
    }

    /** Kafka's own limits where configured; the defaults of the listener otherwise. */
    static KafkaLimits limits(Configs configs) {
        KafkaLimits defaults = KafkaLimits.defaults();
        int connections = number(configs, "max.connections", defaults.maxConnections());
        return new KafkaLimits(
                number(configs, "socket.request.max.bytes", defaults.maxRequestBytes()),
                requestMemoryBytes(configs, defaults.requestMemoryBytes()),
                defaults.maxInFlight(),
                connections,
                connections,
                idleTimeoutMs(number(configs, "connections.max.idle.ms", (int) defaults.idleTimeoutMs())),
                defaults.slowRequestTimeoutMs(),
                number(configs, "fetch.max.bytes", defaults.maxFetchBytes()),
                number(configs, "max.incremental.fetch.session.cache.slots", defaults.maxFetchSessions()));
    }

    private static long requestMemoryBytes(Configs configs, long otherwise) {
        @Nullable String value = configs.brokerValue("queued.max.request.bytes");
        long configured = value == null ? -1 : Long.parseLong(value);
        return configured < 0 ? otherwise : Math.max(1L << 20, configured);
    }

    /** Sizes of the sockets' buffers where configured; the system finds better ones by itself. */
    static Map<ChannelOption<Integer>, Integer> socketBuffers(Configs configs) {
        Map<ChannelOption<Integer>, Integer> sizes = new LinkedHashMap<>();
        int send = number(configs, "socket.send.buffer.bytes", -1);
        if (send > 0) {
            sizes.put(ChannelOption.SO_SNDBUF, send);
        }
        int receive = number(configs, "socket.receive.buffer.bytes", -1);
        if (receive > 0) {
            sizes.put(ChannelOption.SO_RCVBUF, receive);
        }
        return sizes;
    }

    private static long idleTimeoutMs(int configured) {
        return configured < 0 ? Long.MAX_VALUE : configured;
    }

    private static int number(Configs configs, String key, int otherwise) {
        @Nullable String value = configs.brokerValue(key);
        return value == null ? otherwise : (int) Math.min(Integer.MAX_VALUE, Long.parseLong(value));
    }

    private static String sentence(RuntimeException e) {
        String message = String.valueOf(e.getMessage()).strip();
        String capitalised =
                message.isEmpty() ? message : Character.toUpperCase(message.charAt(0)) + message.substring(1);
        return capitalised.endsWith(".") ? capitalised : capitalised + ".";
    }
}
