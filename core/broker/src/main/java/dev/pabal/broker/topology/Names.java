package dev.pabal.broker.topology;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/** Names of queues and exchanges: what is taken out of them, what is refused, and how errors say them ({@code rabbit_misc:rs/1}). Pure but for new names. */
public final class Names {
    /** Longest name in bytes of UTF-8: a short string of the protocol. */
    static final int MAX_BYTES = 255;

    private static final String RESERVED = "amq.";

    private Names() {}

    /** Without line ends, as RabbitMQ takes names. */
    public static String strip(String name) {
        return name.indexOf('\n') < 0 && name.indexOf('\r') < 0
                ? name
                : name.replace("\n", "").replace("\r", "");
    }

    /** How an error says a queue. */
    public static String queue(String vhost, String name) {
        return "queue '" + name + "' in vhost '" + vhost + "'";
    }

    /** How an error says an exchange. */
    public static String exchange(String vhost, String name) {
        return "exchange '" + name + "' in vhost '" + vhost + "'";
    }

    /** A name that nobody has: {@code prefix}, a dash and 22 characters, as RabbitMQ makes them. */
    public static String generated(String prefix) {
        UUID random = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(random.getMostSignificantBits())
                .putLong(random.getLeastSignificantBits())
                .array();
        return prefix + "-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static boolean isReserved(String name) {
        return name.startsWith(RESERVED);
    }

    /**
     * Checks the name of something new.
     *
     * @param kind {@code queue} or {@code exchange}
     */
    static void checkNew(String kind, String name) {
        if (isReserved(name)) {
            throw new BrokerException(
                    Refusal.ACCESS_REFUSED, kind + " name '" + name + "' contains reserved prefix 'amq.*'");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new BrokerException(
                    Refusal.PRECONDITION_FAILED, kind + " name is longer than " + MAX_BYTES + " bytes");
        }
    }

    public static BrokerException notFound(String what) {
        return new BrokerException(Refusal.NOT_FOUND, "no " + what);
    }
}
