package dev.pabal.kafka.data;

import dev.pabal.log.seam.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The fetch sessions kept, bounded as in Kafka (KIP-227): where all slots are taken, one that was not used for two minutes makes room;
 * where there is none, a consumer goes without a session. Any thread.
 */
final class FetchSessions {
    /** {@code min.incremental.fetch.session.eviction.ms}. */
    private static final long EVICT_AFTER_NS = 120_000_000_000L;

    private static final short FIRST_BY_TOPIC_ID = 13;
    /** A session of more partitions is not kept: its memory follows what a stranger says. */
    private static final int MOST_PARTITIONS = 50_000;

    private final PartitionLookup lookup;
    private final Clock clock;
    private final int slots;
    private final Map<Integer, FetchSession> kept = new HashMap<>();

    FetchSessions(PartitionLookup lookup, Clock clock, int slots) {
        this.lookup = lookup;
        this.clock = clock;
        this.slots = slots;
    }

    /**
     * What a request turns out to be.
     *
     * @param session entered and up to date; null where there is an error
     * @param incremental whether the answer holds only what changed
     */
    record Opened(@Nullable FetchSession session, boolean incremental, Errors error) {}

    /** Finds or makes the session that the request is for, and brings it up to date. */
    Opened open(FetchRequestData request, short version) {
        FetchMetadata asked = new FetchMetadata(request.sessionId(), request.sessionEpoch());
        boolean byTopicId = version >= FIRST_BY_TOPIC_ID;
        if (asked.isFull()) {
            if (asked.sessionId() != FetchMetadata.INVALID_SESSION_ID) {
                remove(asked.sessionId());
            }
            boolean keep = asked.epoch() == FetchMetadata.INITIAL_EPOCH && partitions(request) <= MOST_PARTITIONS;
            FetchSession session = keep ? make(byTopicId) : new FetchSession(FetchSession.NONE, byTopicId, lookup);
            session.enter();
            session.update(request);
            return new Opened(session, false, Errors.NONE);
        }
        return resume(request, asked, byTopicId);
    }

    private Opened resume(FetchRequestData request, FetchMetadata asked, boolean byTopicId) {
        FetchSession session = find(asked.sessionId());
        if (session == null || !session.enter()) {
            return failed(session == null ? Errors.FETCH_SESSION_ID_NOT_FOUND : Errors.INVALID_FETCH_SESSION_EPOCH);
        }
        Errors error = Errors.NONE;
        if (session.byTopicId() != byTopicId) {
            error = Errors.FETCH_SESSION_TOPIC_ID_ERROR;
        } else if (session.epoch() != asked.epoch()) {
            error = Errors.INVALID_FETCH_SESSION_EPOCH;
        }
        if (error != Errors.NONE) {
            session.leave();
            return failed(error);
        }
        session.epoch(FetchMetadata.nextEpoch(asked.epoch()));
        session.update(request);
        if (session.size() == 0 || session.size() > MOST_PARTITIONS) {
            remove(session.id());
        }
        return new Opened(session, true, Errors.NONE);
    }

    private static Opened failed(Errors error) {
        return new Opened(null, false, error);
    }

    private static int partitions(FetchRequestData request) {
        int count = 0;
        for (FetchRequestData.FetchTopic topic : request.topics()) {
            count += topic.partitions().size();
        }
        return count;
    }

    private synchronized @Nullable FetchSession find(int id) {
        FetchSession session = kept.get(id);
        if (session != null) {
            session.usedAt(clock.monotonicNs());
        }
        return session;
    }

    /** Whether answers may still name the session. */
    synchronized boolean keeps(FetchSession session) {
        return kept.get(session.id()) == session;
    }

    private void remove(int id) {
        FetchSession gone;
        synchronized (this) {
            gone = kept.remove(id);
        }
        if (gone != null) {
            gone.close();
        }
    }

    private FetchSession make(boolean byTopicId) {
        FetchSession evicted = null;
        FetchSession made;
        synchronized (this) {
            if (kept.size() >= slots) {
                evicted = evict();
            }
            if (kept.size() >= slots) {
                return new FetchSession(FetchSession.NONE, byTopicId, lookup);
            }
            int id = freeId();
            made = new FetchSession(id, byTopicId, lookup);
            made.usedAt(clock.monotonicNs());
            kept.put(id, made);
        }
        if (evicted != null) {
            evicted.close();
        }
        return made;
    }

    private @Nullable FetchSession evict() {
        FetchSession oldest = null;
        for (FetchSession session : kept.values()) {
            if (oldest == null || session.lastUsedNs() - oldest.lastUsedNs() < 0) {
                oldest = session;
            }
        }
        if (oldest == null || clock.monotonicNs() - oldest.lastUsedNs() < EVICT_AFTER_NS) {
            return null;
        }
        kept.remove(oldest.id());
        return oldest;
    }

    private int freeId() {
        int id;
        do {
            id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        } while (kept.containsKey(id));
        return id;
    }
}
