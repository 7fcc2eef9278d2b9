package dev.pabal.kafka.admin;

import dev.pabal.broker.BrokerOptions;
import dev.pabal.broker.BrokerRuntime;
import dev.pabal.broker.ShardLoop;
import dev.pabal.kafka.group.Caller;
import dev.pabal.log.memory.MemoryLogStore;
import dev.pabal.log.seam.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** A broker on the heap and its handlers of administration, called as the wire would. */
final class AdminFixture implements AutoCloseable {
    final MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states());
    final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "loop");
        thread.setDaemon(true);
        return thread;
    });
    final BrokerRuntime broker;
    final Caller caller;

    AdminFixture() {
        this(Map.of());
    }

    AdminFixture(Map<String, String> configs) {
        ShardLoop shard =
                new ShardLoop(loop, () -> Thread.currentThread().getName().equals("loop"));
        broker = BrokerRuntime.start(BrokerOptions.of(configs), store, List.of(shard), Clock.SYSTEM);
        caller = new Caller(AdminApis.handlers(broker, DataDirectory.IN_MEMORY));
    }

    <T extends ApiMessage> T call(ApiKeys api, ApiMessage request, Class<T> type) {
        return caller.call(api, request, type);
    }

    CreatableTopicResult create(CreatableTopic topic) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics().add(topic);
        return call(ApiKeys.CREATE_TOPICS, request, CreateTopicsResponseData.class)
                .topics()
                .find(topic.name());
    }

    void topic(String name, int partitions, String... configs) {
        CreatableTopic topic =
                new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) 1);
        for (int i = 0; i < configs.length; i += 2) {
            topic.configs().add(new CreatableTopicConfig().setName(configs[i]).setValue(configs[i + 1]));
        }
        CreatableTopicResult made = create(topic);
        if (made.errorCode() != Errors.NONE.code()) {
            throw new AssertionError(made.errorMessage());
        }
    }

    @Override
    public void close() {
        broker.close();
        loop.shutdownNow();
    }
}
