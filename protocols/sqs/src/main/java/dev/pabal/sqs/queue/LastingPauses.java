package dev.pabal.sqs.queue;

import dev.pabal.broker.Broker;
import dev.pabal.catalog.Parameter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Pauses} that a restart does not end: each is a parameter in the catalog until it is over. Nobody waits for that to be durable; a crash
 * in the moment after its beginning ends a pause. Any thread; never waits.
 */
public final class LastingPauses {
    private static final Logger LOG = LoggerFactory.getLogger(LastingPauses.class);
    private static final String UNTIL = "until";

    private final Broker broker;
    private final String component;
    private final long lengthMs;
    private final Pauses pauses;

    /**
     * @param component of the catalog's parameters, one for each kind of pause
     * @param lengthMs 0 for no pauses at all
     */
    public LastingPauses(Broker broker, String component, long lengthMs) {
        this.broker = broker;
        this.component = component;
        this.lengthMs = lengthMs;
        this.pauses = new Pauses(broker.clock(), lengthMs, what -> forget(what.toString()));
        List<Parameter> stored = broker.catalog().parameters(component).stream()
                .sorted(Comparator.comparingLong(LastingPauses::untilMs))
                .toList();
        long nowMs = broker.clock().wallMs();
        for (Parameter parameter : stored) {
            pauses.resume(parameter.name(), Math.max(0, untilMs(parameter) - nowMs));
        }
    }

    private static long untilMs(Parameter parameter) {
        return parameter.value().get(UNTIL) instanceof Number until ? until.longValue() : 0;
    }

    /** Begins the pause of {@code what}, unless one holds: then nothing changes and the answer is false. */
    public boolean begin(String what) {
        if (!pauses.begin(what)) {
            return false;
        }
        if (lengthMs > 0) {
            Map<String, Object> value = Map.of(UNTIL, broker.clock().wallMs() + lengthMs);
            logged(broker.topology().administration().setParameter(new Parameter(component, "", what, value)));
        }
        return true;
    }

    /** Ends the pause, where there is one. */
    public void end(String what) {
        pauses.end(what);
        forget(what);
    }

    /** Whether a pause holds. */
    public boolean holds(String what) {
        return pauses.holds(what);
    }

    private void forget(String what) {
        if (lengthMs > 0) {
            logged(broker.topology().administration().deleteParameter(component, "", what));
        }
    }

    private void logged(CompletableFuture<Void> change) {
        change.exceptionally(error -> {
            LOG.debug("a pause of {} is not as it should be after a restart: {}", component, error.toString());
            return null;
        });
    }
}
