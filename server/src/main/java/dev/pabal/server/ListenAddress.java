package dev.pabal.server;

import dev.pabal.server.config.PabalConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Decides whether the configured address may be listened on: without authentication only loopback, unless the person insists. */
final class ListenAddress {
    private ListenAddress() {}

    /** @throws StartException where the host is unknown, or open to the network without {@code insecure} */
    static void check(PabalConfig config) {
        InetAddress address;
        try {
            address = InetAddress.getByName(config.host());
        } catch (UnknownHostException e) {
            throw new StartException(
                    StartException.USAGE,
                    "The host '" + config.host()
                            + "' is unknown; give --host an address of this machine, such as 127.0.0.1.",
                    e);
        }
        if (!address.isLoopbackAddress() && !config.insecure()) {
            throw new StartException(
                    StartException.USAGE,
                    "Listening on " + config.host() + " would open the broker to the network without authentication;"
                            + " add --insecure if that is what you want, or leave --host out to listen on loopback only.");
        }
        if (address.isAnyLocalAddress() && config.advertisedHost().equals(config.host())) {
            throw new StartException(
                    StartException.USAGE,
                    "Clients cannot connect to " + config.host()
                            + "; add --advertised-host with the name or address by which they reach this machine.");
        }
    }
}
