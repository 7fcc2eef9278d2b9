package dev.pabal.logkit.simulation;

import dev.pabal.log.Append;
import dev.pabal.log.BatchHeader;
import dev.pabal.log.Log;
import dev.pabal.log.LogRead;
import dev.pabal.log.LogStore;
import dev.pabal.logkit.simulation.StoreStarter.Running;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Stores that make mistakes above the disk: each wraps a sound one and does one thing wrong. */
final class FaultyStore {
    /** One mistake: does the call on the log in its own way. */
    private interface Mistake {
        Object call(Log log, Object[] arguments);
    }

    private FaultyStore() {}

    /** Says that an append is durable as soon as it was asked for. */
    static Running acknowledgingAtOnce(Running sound) {
        return wrap(sound, "append", (log, arguments) -> {
            Append append = log.append((ByteBuffer) arguments[0], null);
            return new Append(append.baseOffset(), append.lastOffset(), CompletableFuture.completedFuture(null));
        });
    }

    /** Stores the batches of an append in reverse order. */
    static Running reordering(Running sound) {
        return wrap(sound, "append", (log, arguments) -> {
            ByteBuffer batches = (ByteBuffer) arguments[0];
            List<ByteBuffer> parts = new ArrayList<>();
            long offset = log.appendedEnd();
            for (int at = 0; at < batches.limit(); at += BatchHeader.sizeInBytes(batches, at)) {
                parts.add(batches.slice(at, BatchHeader.sizeInBytes(batches, at)));
                BatchHeader.setBaseOffset(batches, at, offset);
                BatchHeader.setEpoch(batches, at, log.epoch());
                offset = BatchHeader.nextOffset(batches, at);
            }
            Collections.reverse(parts);
            ByteBuffer reversed = ByteBuffer.allocate(batches.limit());
            parts.forEach(part -> reversed.put(part.duplicate()));
            return log.append(reversed.flip(), null);
        });
    }

    /** Serves bytes as they come from the disk, one bit of a few of them wrong. */
    static Running servingUnverified(Running sound) {
        return wrap(sound, "read", (log, arguments) -> log.read(
                        (Long) arguments[0], (Long) arguments[1], (Integer) arguments[2])
                .thenApply(FaultyStore::damaged));
    }

    private static LogRead damaged(LogRead read) {
        if (read.buffers().isEmpty()) {
            return read;
        }
        ByteBuffer first = read.buffers().get(0);
        ByteBuffer copy =
                ByteBuffer.allocate(first.remaining()).put(first.duplicate()).flip();
        copy.put(copy.limit() - 1, (byte) (copy.get(copy.limit() - 1) ^ 16));
        List<ByteBuffer> buffers = new ArrayList<>(read.buffers());
        buffers.set(0, copy);
        int bytes = read.sizeInBytes();
        return new LogRead() {
            @Override
            public List<ByteBuffer> buffers() {
                return buffers;
            }

            @Override
            public int sizeInBytes() {
                return bytes;
            }

            @Override
            public void close() {
                read.close();
            }
        };
    }

    private static Running wrap(Running sound, String method, Mistake mistake) {
        LogStore store = proxy(LogStore.class, sound.store(), (name, result, arguments) -> {
            boolean log = name.equals("open") || name.equals("find");
            return log && result != null ? faulty((Log) result, method, mistake) : result;
        });
        return new Running() {
            @Override
            public LogStore store() {
                return store;
            }

            @Override
            public boolean work() {
                return sound.work();
            }
        };
    }

    private static Log faulty(Log log, String method, Mistake mistake) {
        return (Log) Proxy.newProxyInstance(
                Log.class.getClassLoader(), new Class<?>[] {Log.class}, (self, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        return mistake.call(log, arguments);
                    }
                    try {
                        return called.invoke(log, arguments);
                    } catch (InvocationTargetException e) {
                        throw Objects.requireNonNull(e.getCause());
                    }
                });
    }

    private interface After {
        Object result(String name, Object result, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, T target, After after) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, arguments) -> {
                    try {
                        return after.result(called.getName(), called.invoke(target, arguments), arguments);
                    } catch (InvocationTargetException e) {
                        throw Objects.requireNonNull(e.getCause());
                    }
                }));
    }
}
