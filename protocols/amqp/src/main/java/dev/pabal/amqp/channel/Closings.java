package dev.pabal.amqp.channel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log why a channel or connection was closed. */
public final class Closings {
    private static final Logger LOG = LoggerFactory.getLogger(Closings.class);

    private Closings() {}

    /** A channel's error is the client's affair: told to whoever looks closely. */
    static void log(Link link, int channel, AmqpException failure) {
        LOG.info("channel {} of {} is closed: {}", channel, link.name(), failure.replyText());
    }

    /** A connection's error. */
    public static void log(String connection, AmqpException failure) {
        LOG.warn("connection {} is closed: {}", connection, failure.replyText());
    }
}
