package dev.pabal.cli.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import dev.pabal.cli.client.CommandFailure;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The option {@code --server} of commands that speak AMQP, and the connection it leads to. */
public final class AmqpOption {
    private static final int TIMEOUT_MS = 15_000;
    private static final int CONNECT_TIMEOUT_MS = 5_000;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:5672",
            description = "The broker's AMQP address (default: ${DEFAULT-VALUE}).")
    private String server = "127.0.0.1:5672";

    @Mixin
    private LoginOption login = new LoginOption();

    /** What a command does on a channel of its own. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Channel channel) throws IOException, InterruptedException, TimeoutException;
    }

    /**
     * Connects, does the work, and closes.
     *
     * @throws CommandFailure where nobody listens, or the broker refuses the user or the virtual host
     */
    public <T> T with(Work<T> work) throws IOException, InterruptedException, TimeoutException {
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            return work.on(channel);
        }
    }

    private Connection connect() throws TimeoutException {
        HostAndPort address = HostAndPort.parse("--server", server);
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.host());
        factory.setPort(address.port());
        factory.setUsername(login.user());
        factory.setPassword(login.password());
        factory.setVirtualHost(login.virtualHost());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(CONNECT_TIMEOUT_MS);
        factory.setHandshakeTimeout(TIMEOUT_MS);
        factory.setChannelRpcTimeout(TIMEOUT_MS);
        factory.setExceptionHandler(new ForgivingExceptionHandler());
        factory.setClientProperties(Map.of("product", "pabal-cli", "connection_name", "pabal-cli"));
        try {
            return factory.newConnection();
        } catch (PossibleAuthenticationFailureException e) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "The broker at " + server + " refuses user '" + login.user()
                            + "'; check --user and the environment variable AMQP_PASSWORD.");
        } catch (UnknownHostException e) {
            throw new CommandFailure(
                    CommandFailure.USAGE, "The host in --server " + server + " is unknown; check its name.");
        } catch (IOException e) {
            throw new CommandFailure(CommandFailure.FAILED, refusal(e));
        }
    }

    private String refusal(IOException failure) {
        String told = AmqpFailures.replyText(failure);
        if (told != null) {
            return "The broker at " + server + " refuses: " + told + ". Check --vhost.";
        }
        return "No broker answers at " + server + " (" + failure.getMessage()
                + "); start one with 'pabal start', or name another with --server HOST:PORT.";
    }
}
