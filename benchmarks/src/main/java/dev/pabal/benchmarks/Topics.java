package dev.pabal.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** Topics made and removed through Kafka's Admin. */
final class Topics {
    private static final int MAX_SECONDS = 180;

    private Topics() {}

    static void create(Broker broker, String name, int partitions) {
        with(broker, admin -> admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                .all()
                .get(MAX_SECONDS, TimeUnit.SECONDS));
    }

    static void delete(Broker broker, String name) {
        with(broker, admin -> admin.deleteTopics(List.of(name)).all().get(MAX_SECONDS, TimeUnit.SECONDS));
    }

    @FunctionalInterface
    private interface Call {
        void on(Admin admin) throws ExecutionException, InterruptedException, TimeoutException;
    }

    private static void with(Broker broker, Call call) {
        Map<String, Object> config = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrap(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                MAX_SECONDS * 1000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                MAX_SECONDS * 1000);
        try (Admin admin = Admin.create(config)) {
            call.on(admin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the broker refused or did not answer", e);
        }
    }
}
