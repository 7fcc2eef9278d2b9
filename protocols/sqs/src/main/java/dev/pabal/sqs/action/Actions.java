package dev.pabal.sqs.action;

import dev.pabal.broker.Broker;
import dev.pabal.sqs.SqsSettings;
import dev.pabal.sqs.queue.SqsQueues;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All actions that are there, by name. */
public final class Actions {
    private final Map<String, Action> byName;

    Actions(List<Action> actions) {
        Map<String, Action> map = new LinkedHashMap<>();
        actions.forEach(action -> map.put(action.name(), action));
        byName = Collections.unmodifiableMap(map);
    }

    /** The actions on a broker. */
    public static Actions of(Broker broker, SqsSettings settings) {
        SqsQueues queues = new SqsQueues(broker, settings.realm());
        List<Action> actions = new ArrayList<>(new QueueActions(broker, queues, settings).all());
        actions.addAll(new MessageActions(broker, queues).all());
        return new Actions(actions);
    }

    /** The action of that name, null where there is none. */
    public @Nullable Action find(String name) {
        return byName.get(name);
    }
}
