package dev.pabal.cli.amqp;

import dev.pabal.cli.client.CommandFailure;

/** An address as people type it. */
record HostAndPort(String host, int port) {
    /** @throws CommandFailure where the text is not of the form {@code HOST:PORT} */
    static HostAndPort parse(String option, String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port > 0 && port < 65_536) {
                return new HostAndPort(text.substring(0, colon), port);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new CommandFailure(
                CommandFailure.USAGE, option + " takes HOST:PORT, for example 127.0.0.1:5672, not '" + text + "'.");
    }
}
