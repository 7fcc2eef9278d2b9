package dev.pabal.amqp.connection;

import dev.pabal.amqp.AmqpLimits;
import dev.pabal.amqp.channel.AmqpException;
import dev.pabal.amqp.channel.ReplyCode;
import dev.pabal.amqp.codec.Method;
import dev.pabal.amqp.codec.method.ConnectionOpen;
import dev.pabal.amqp.codec.method.ConnectionOpenOk;
import dev.pabal.amqp.codec.method.ConnectionStart;
import dev.pabal.amqp.codec.method.ConnectionStartOk;
import dev.pabal.amqp.codec.method.ConnectionTune;
import dev.pabal.amqp.codec.method.ConnectionTuneOk;
import dev.pabal.amqp.codec.method.ConnectionUpdateSecretOk;
import dev.pabal.broker.Broker;
import dev.pabal.broker.topology.AccessControl;
import dev.pabal.catalog.User;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From the protocol header to an opened virtual host: who the client is, what it can do, and what was agreed. On the event loop. */
final class Handshake {
    /** Smallest frame that a client may ask for: AMQP's, below RabbitMQ's, for clients that still say so. */
    static final int MIN_FRAME_MAX = 4096;

    private final Broker broker;
    private final AmqpLimits limits;
    private final OpenConnections connections;
    private final boolean loopback;
    private Step step = Step.START_OK;
    private @Nullable User user;
    private String vhost = "";
    private Map<String, Object> clientProperties = Map.of();
    private String mechanism = "PLAIN";
    private int channelMax;
    private int frameMax;
    private int heartbeatSeconds;

    /** What must come next. */
    enum Step {
        START_OK,
        TUNE_OK,
        OPEN,
        DONE
    }

    Handshake(Wiring wiring, @Nullable SocketAddress peer) {
        this.broker = wiring.broker();
        this.limits = wiring.limits();
        this.connections = wiring.connections();
        this.channelMax = limits.channelMax();
        this.frameMax = limits.initialFrameMax();
        this.loopback = peer instanceof InetSocketAddress address
                && address.getAddress() != null
                && address.getAddress().isLoopbackAddress();
    }

    Step step() {
        return step;
    }

    void start(ByteBuf out) {
        String cluster = "pabal@" + broker.clusterId();
        ConnectionStart.write(
                out,
                0,
                0,
                9,
                ServerProperties.of(cluster),
                Credentials.MECHANISMS.getBytes(StandardCharsets.US_ASCII),
                "en_US".getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Takes a method before the connection is open.
     *
     * @throws AmqpException where it is not the one that must come, or says what cannot be
     */
    void method(Method method, ByteBuf out) {
        if (step == Step.START_OK && method instanceof ConnectionStartOk startOk) {
            startOk(startOk, out);
        } else if (step == Step.TUNE_OK && method instanceof ConnectionTuneOk tuneOk) {
            tuneOk(tuneOk);
        } else if (step == Step.OPEN && method instanceof ConnectionOpen open) {
            open(open, out);
        } else {
            throw new AmqpException(
                    ReplyCode.CHANNEL_ERROR, "unexpected method " + method.word() + " in connection state " + word());
        }
    }

    private String word() {
        return switch (step) {
            case START_OK -> "starting";
            case TUNE_OK -> "tuning";
            case OPEN -> "opening";
            case DONE -> "running";
        };
    }

    private void startOk(ConnectionStartOk startOk, ByteBuf out) {
        clientProperties = startOk.clientProperties();
        mechanism = startOk.mechanism();
        if (!Credentials.knows(mechanism)) {
            throw AmqpException.ofConnection(ReplyCode.ACCESS_REFUSED, refused());
        }
        Credentials credentials = Credentials.parse(mechanism, startOk.response());
        user = credentials == null ? null : authenticate(credentials);
        if (user == null) {
            throw AmqpException.ofConnection(ReplyCode.ACCESS_REFUSED, refused());
        }
        ConnectionTune.write(out, 0, limits.channelMax(), limits.frameMax(), limits.heartbeatSeconds());
        step = Step.TUNE_OK;
    }

    private @Nullable User authenticate(Credentials credentials) {
        return broker.topology().accessControl().authenticate(credentials.name(), credentials.password(), loopback);
    }

    private String refused() {
        return "Login was refused using authentication mechanism " + mechanism
                + ". For details see the broker logfile.";
    }

    private void tuneOk(ConnectionTuneOk tuneOk) {
        channelMax = agreed("channel_max", tuneOk.channelMax(), limits.channelMax());
        int wanted = (int) Math.min(Integer.MAX_VALUE, tuneOk.frameMax());
        if (wanted > 0 && wanted < MIN_FRAME_MAX) {
            throw new AmqpException(
                    ReplyCode.NOT_ALLOWED,
                    "negotiated frame_max = " + wanted + " is lower than the minimum allowed value (" + MIN_FRAME_MAX
                            + ")");
        }
        frameMax = agreed("frame_max", wanted, limits.frameMax());
        heartbeatSeconds = tuneOk.heartbeat();
        step = Step.OPEN;
    }

    /** 0 asks for no bound at all, which is more than the broker offers. */
    private static int agreed(String what, int client, int server) {
        if (client == 0 || client > server) {
            throw new AmqpException(
                    ReplyCode.NOT_ALLOWED,
                    "negotiated " + what + " = " + (client == 0 ? "no_limit (0)" : Integer.toString(client))
                            + " is higher than the maximum allowed value (" + server + ")");
        }
        return client;
    }

    private void open(ConnectionOpen open, ByteBuf out) {
        AccessControl access = broker.topology().accessControl();
        vhost = open.virtualHost();
        if (broker.catalog().vhost(vhost) == null) {
            throw new AmqpException(ReplyCode.NOT_ALLOWED, "vhost " + vhost + " not found");
        }
        if (!access.mayEnter(user().name(), vhost)) {
            throw new AmqpException(
                    ReplyCode.NOT_ALLOWED, "access to vhost '" + vhost + "' refused for user '" + user().name() + "'");
        }
        connections.enter(broker.catalog(), vhost, user().name());
        step = Step.DONE;
        ConnectionOpenOk.write(out, 0, "");
    }

    /** The connection has ended, with so many channels that were open. */
    void ended(int channels) {
        if (step == Step.DONE) {
            connections.leave(vhost, user().name(), channels);
        }
    }

    /**
     * The client has a new secret. Passwords do not expire, so that any is taken, as RabbitMQ does for users of its own; a user who is gone is
     * not. Permissions are looked at anew by each check anyway.
     */
    void updateSecret(ByteBuf out) {
        User now = broker.catalog().user(user().name());
        if (now == null) {
            throw AmqpException.ofConnection(ReplyCode.NOT_ALLOWED, "New secret was refused by one of the backends");
        }
        user = now;
        ConnectionUpdateSecretOk.write(out, 0);
    }

    boolean clientCan(String capability) {
        return clientProperties.get("capabilities") instanceof Map<?, ?> capabilities
                && Boolean.TRUE.equals(capabilities.get(capability));
    }

    Map<String, Object> clientProperties() {
        return clientProperties;
    }

    User user() {
        User known = user;
        if (known == null) {
            throw new IllegalStateException("nobody has logged in");
        }
        return known;
    }

    String vhost() {
        return vhost;
    }

    int channelMax() {
        return channelMax;
    }

    int frameMax() {
        return frameMax;
    }

    int heartbeatSeconds() {
        return heartbeatSeconds;
    }
}
