package dev.pabal.cli.amqp;

import picocli.CommandLine.Option;

/** Who asks, and in which virtual host. */
final class LoginOption {
    @Option(
            names = "--user",
            paramLabel = "NAME",
            defaultValue = "guest",
            description = "User (default: ${DEFAULT-VALUE}).")
    private String user = "guest";

    @Option(
            names = "--password",
            paramLabel = "TEXT",
            defaultValue = "${env:AMQP_PASSWORD:-guest}",
            description = "Password (default: the environment variable AMQP_PASSWORD, else guest).",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
    private String password = "guest";

    @Option(
            names = "--vhost",
            paramLabel = "NAME",
            defaultValue = "/",
            description = "Virtual host (default: ${DEFAULT-VALUE}).")
    private String virtualHost = "/";

    String user() {
        return user;
    }

    String password() {
        return password;
    }

    String virtualHost() {
        return virtualHost;
    }
}
