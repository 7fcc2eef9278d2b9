package dev.pabal.examples;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** What all examples begin with: a connection to the broker that the first argument names. */
final class Amqp {
    private static final String DEFAULT = "127.0.0.1:5672";

    private Amqp() {}

    /** The AMQP address among a program's arguments. */
    static String address(String[] args) {
        return args.length > 0 ? args[0] : DEFAULT;
    }

    /** @param address {@code host:port} */
    static Connection connect(String address) throws IOException, TimeoutException {
        int colon = address.lastIndexOf(':');
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.substring(0, colon));
        factory.setPort(Integer.parseInt(address.substring(colon + 1)));
        factory.setHandshakeTimeout(60_000); // the client's own 10 s are short for a machine that does much else
        return factory.newConnection();
    }
}
