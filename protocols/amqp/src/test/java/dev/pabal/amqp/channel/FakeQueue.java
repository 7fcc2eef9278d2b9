package dev.pabal.amqp.channel;

import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.Settlement;
import dev.pabal.catalog.Queue;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A queue without a log that only settles: keeps what is settled. */
final class FakeQueue {
    final List<Settlement> settlements = new ArrayList<>();
    private final Queue definition = new Queue(
            UUID.randomUUID(), "/", "fake", null, Queue.Type.CLASSIC, Queue.View.OWNER, true, false, null, Map.of(), 0);

    /** Everything but what a channel needs to deliver and settle is refused. */
    MessageQueue queue() {
        return (MessageQueue) Proxy.newProxyInstance(
                FakeQueue.class.getClassLoader(),
                new Class<?>[] {MessageQueue.class},
                (proxy, method, arguments) -> answer(method.getName(), arguments));
    }

    private @Nullable Object answer(String method, Object[] arguments) {
        switch (method) {
            case "definition":
                return definition;
            case "newHolder":
                return (MessageQueue.Holder) () -> {};
            case "settle":
                settlements.add((Settlement) arguments[0]);
                return null;
            default:
                throw new UnsupportedOperationException("this queue only settles: " + method);
        }
    }
}
