package dev.pabal.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Debian's rabbitmq-server with its defaults and without plugins, on loopback, with node name, folders and port mapper of its own, so that
 * it disturbs no other RabbitMQ on the machine.
 */
final class RabbitContender implements Contender {
    private static final String SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private final Path logs;

    RabbitContender(Path logs) {
        this.logs = logs;
    }

    @Override
    public String name() {
        return "RabbitMQ";
    }

    @Override
    public void prepare(Path data) throws IOException {
        if (!Files.isExecutable(Path.of(SERVER))) {
            throw new IllegalStateException(
                    SERVER + " is missing; install it with: apt-get install --no-install-recommends rabbitmq-server");
        }
        Files.createDirectories(data);
    }

    @Override
    public Broker start(Path data) throws IOException {
        int port = Broker.freePort();
        String mapperPort = Integer.toString(Broker.freePort());
        ProcessBuilder mapper = new ProcessBuilder("epmd", "-port", mapperPort, "-address", "127.0.0.1");
        mapper.environment().put("HOME", data.toString());
        mapper.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Process runningMapper = mapper.start();
        ProcessBuilder command = new ProcessBuilder(SERVER);
        Map<String, String> environment = command.environment();
        environment.put("HOME", data.toString());
        environment.put("ERL_EPMD_PORT", mapperPort);
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        // Makes the start script become the Erlang VM instead of watching it.
        environment.put("RUNNING_UNDER_SYSTEMD", "1");
        environment.put("RABBITMQ_NODENAME", "pabal-benchmarks@localhost");
        environment.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
        environment.put("RABBITMQ_NODE_PORT", Integer.toString(port));
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(Broker.freePort()));
        environment.put("RABBITMQ_MNESIA_BASE", data.resolve("mnesia").toString());
        environment.put("RABBITMQ_LOG_BASE", data.resolve("log").toString());
        environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", data.resolve("plugins").toString());
        environment.put("RABBITMQ_CONFIG_FILE", data.resolve("none").toString());
        environment.put("RABBITMQ_CONF_ENV_FILE", data.resolve("none.conf").toString());
        environment.put(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}");
        try {
            return Broker.start(command, port, logs.resolve("rabbitmq.log")).with(runningMapper);
        } catch (IOException e) {
            runningMapper.destroy();
            throw e;
        }
    }
}
