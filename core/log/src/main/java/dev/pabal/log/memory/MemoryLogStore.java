package dev.pabal.log.memory;

import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import dev.pabal.log.LogState;
import dev.pabal.log.LogStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keeps logs on the heap: the plainest reading of the {@link LogStore} contract, for tests and simulations. Nothing is removed by retention
 * or compaction, and nothing outlives the process.
 *
 * <p>With {@link DurabilityMode#IMMEDIATE} an append is durable when {@code append} returns, and callbacks run on the caller. With
 * {@link DurabilityMode#MANUAL} nothing becomes durable before {@link #makeDurable()}, whose caller then is the "thread of the store". Logs
 * with {@link dev.pabal.log.Durability#OS} or {@link dev.pabal.log.Durability#MEMORY} do not wait.
 *
 * <p>{@link #reopened()} stands in for a restart: after {@link #close()} a clean one, without it a crash that loses what was not durable.
 */
public final class MemoryLogStore implements LogStore {
    /** When appends become durable. */
    public enum DurabilityMode {
        /** At once. */
        IMMEDIATE,
        /** When the test says so. */
        MANUAL
    }

    private final LogState.Factory states;
    /** Guards everything in the store and in its logs. Callbacks run outside. */
    private final Object lock = new Object();

    private final Map<LogId, MemoryLog> logs = new LinkedHashMap<>();
    private final List<Runnable> pendingChanges = new ArrayList<>();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private DurabilityMode mode;
    private @Nullable Reason refusal;
    private @Nullable Reason readRefusal;
    private int readsToRefuse;
    private boolean closed;
    private long appends;
    private long appendedBytes;
    private long syncs;

    /** A store without attached states whose appends are durable at once. */
    public MemoryLogStore() {
        this(id -> LogState.NONE, DurabilityMode.IMMEDIATE);
    }

    /** A store whose appends are durable at once. */
    public MemoryLogStore(LogState.Factory states) {
        this(states, DurabilityMode.IMMEDIATE);
    }

    public MemoryLogStore(LogState.Factory states, DurabilityMode mode) {
        this.states = states;
        this.mode = mode;
    }

    @Override
    public Log open(LogId id, LogConfig config) {
        synchronized (lock) {
            if (closed) {
                throw new LogException(Reason.CLOSED, "the store is closed");
            }
            MemoryLog log = logs.computeIfAbsent(id, i -> new MemoryLog(this, i, config, states.create(i), 0));
            log.configure(config);
            return log;
        }
    }

    @Override
    public @Nullable Log find(LogId id) {
        synchronized (lock) {
            return logs.get(id);
        }
    }

    @Override
    public Collection<LogId> ids() {
        synchronized (lock) {
            return List.copyOf(logs.keySet());
        }
    }

    @Override
    public CompletableFuture<Void> delete(Collection<LogId> ids) {
        List<Runnable> callbacks = new ArrayList<>();
        CompletableFuture<Void> deleted;
        synchronized (lock) {
            for (LogId id : ids) {
                MemoryLog log = logs.remove(id);
                if (log != null) {
                    log.delete(callbacks);
                }
            }
            deleted = changed(null, callbacks);
        }
        callbacks.forEach(Runnable::run);
        return deleted;
    }

    /** Says when what comes from now on becomes durable. What waits goes on waiting for {@link #makeDurable()}. */
    public void durabilityMode(DurabilityMode newMode) {
        synchronized (lock) {
            mode = newMode;
        }
    }

    /** Makes everything appended, trimmed and deleted so far durable and runs what waited for it, on the caller. */
    public void makeDurable() {
        List<Runnable> callbacks = new ArrayList<>();
        synchronized (lock) {
            syncs++;
            logs.values().forEach(log -> log.makeDurable(Long.MAX_VALUE, callbacks));
            callbacks.addAll(pendingChanges);
            pendingChanges.clear();
        }
        callbacks.forEach(Runnable::run);
    }

    /**
     * Makes the appends of one log durable that end at or before {@code upTo}; what other logs wait for goes on waiting.
     *
     * @param upTo the offset that {@link Log#durableEnd()} reaches at most
     */
    public void makeDurable(LogId id, long upTo) {
        List<Runnable> callbacks = new ArrayList<>();
        synchronized (lock) {
            MemoryLog log = logs.get(id);
            if (log != null) {
                syncs++;
                log.makeDurable(upTo, callbacks);
            }
        }
        callbacks.forEach(Runnable::run);
    }

    /** Appends are refused for this reason from now on, before an offset is assigned; null: they are taken again. */
    public void refuseAppends(@Nullable Reason reason) {
        synchronized (lock) {
            refusal = reason;
        }
    }

    /** So many reads are refused for this reason from now on, then they are answered again. */
    public void refuseReads(Reason reason, int times) {
        synchronized (lock) {
            readRefusal = reason;
            readsToRefuse = times;
        }
    }

    /** Under the lock: why a read is refused, null where it is not. */
    @Nullable
    LogException refusalToRead() {
        if (readsToRefuse == 0 || readRefusal == null) {
            return null;
        }
        readsToRefuse--;
        return new LogException(readRefusal, "the store was told to refuse reads: " + readRefusal);
    }

    /** As after a failed sync: what waits fails, {@link #failure()} completes, appends are refused. */
    public void fail(Throwable cause) {
        List<Runnable> callbacks = new ArrayList<>();
        synchronized (lock) {
            refusal = Reason.CLOSED;
            LogException failed = new LogException(Reason.IO, "the store has failed", cause);
            logs.values().forEach(log -> log.failPending(failed, callbacks));
            pendingChanges.clear();
            callbacks.add(() -> failure.completeExceptionally(cause));
        }
        callbacks.forEach(Runnable::run);
    }

    /**
     * A new store with what is durable here, as a restart would find it. Where this one was not closed, the start counts as unclean: what
     * was not durable is lost and epochs are raised. This store must not be used any more.
     */
    public MemoryLogStore reopened() {
        synchronized (lock) {
            MemoryLogStore next = new MemoryLogStore(states, mode);
            synchronized (next.lock) {
                for (MemoryLog log : logs.values()) {
                    if (log.holdsAnything()) {
                        next.logs.put(log.id(), log.restarted(next, states.create(log.id()), !closed));
                    }
                }
            }
            closed = true;
            return next;
        }
    }

    @Override
    public StoreStats stats() {
        synchronized (lock) {
            long bytes =
                    logs.values().stream().mapToLong(MemoryLog::sizeInBytes).sum();
            boolean writable = refusal != Reason.DISK_FULL;
            return new StoreStats(
                    0,
                    0,
                    bytes,
                    0,
                    0,
                    0,
                    syncs,
                    appends,
                    appendedBytes,
                    Runtime.getRuntime().freeMemory(),
                    writable);
        }
    }

    @Override
    public CompletableFuture<Void> failure() {
        return failure;
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
        }
        if (!failure.isDone()) {
            makeDurable();
        }
        synchronized (lock) {
            closed = true;
        }
    }

    /** The one lock of the store. */
    Object lock() {
        return lock;
    }

    /** Under the lock: refuses an append that the store does not take. */
    void checkWritable() {
        if (closed) {
            throw new LogException(Reason.CLOSED, "the store is closed");
        }
        if (refusal != null) {
            throw new LogException(refusal, "the store was told to refuse appends: " + refusal);
        }
    }

    /** Under the lock: counts one append; true where it is durable at once. */
    boolean appended(int sizeInBytes) {
        appends++;
        appendedBytes += sizeInBytes;
        return mode == DurabilityMode.IMMEDIATE;
    }

    /** Under the lock: a future for a change that is not an append, completed with {@code result} when it is durable. */
    <T extends @Nullable Object> CompletableFuture<T> changed(T result, List<Runnable> callbacks) {
        CompletableFuture<T> durable = new CompletableFuture<>();
        Runnable complete = () -> durable.complete(result);
        if (mode == DurabilityMode.IMMEDIATE) {
            callbacks.add(complete);
        } else {
            pendingChanges.add(complete);
        }
        return durable;
    }
}
