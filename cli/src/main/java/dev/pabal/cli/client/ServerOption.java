package dev.pabal.cli.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Option;

/** The option {@code --server} and the clients that reach the broker it names. */
public final class ServerOption {
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int REQUEST_TIMEOUT_MS = 15_000;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9092",
            description = "The broker's Kafka address (default: ${DEFAULT-VALUE}).")
    private String server = "127.0.0.1:9092";

    /**
     * Settings that every client takes, after a look whether anybody listens there.
     *
     * @throws CommandFailure where nobody does
     */
    public Map<String, Object> settings() {
        InetSocketAddress address = address();
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_TIMEOUT_MS);
        } catch (IOException e) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "No broker answers at " + server + " (" + e.getMessage()
                            + "); start one with 'pabal start', or name another with --server HOST:PORT.");
        }
        Map<String, Object> settings = new HashMap<>();
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, server);
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "pabal-cli");
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return settings;
    }

    /** A client for administration; the caller closes it. */
    public Admin admin() {
        Map<String, Object> settings = settings();
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS * 2);
        return Admin.create(settings);
    }

    private InetSocketAddress address() {
        int colon = server.lastIndexOf(':');
        try {
            InetSocketAddress address =
                    new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
            if (!address.isUnresolved()) {
                return address;
            }
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            throw new CommandFailure(
                    CommandFailure.USAGE,
                    "--server takes HOST:PORT, for example 127.0.0.1:9092, not '" + server + "'.");
        }
        throw new CommandFailure(
                CommandFailure.USAGE, "The host in --server " + server + " is unknown; check its name.");
    }
}
