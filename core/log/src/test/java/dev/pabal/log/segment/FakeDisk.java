package dev.pabal.log.segment;

import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A disk in memory that keeps apart what was written and what was synced, counts operations and stops at a chosen one. */
final class FakeDisk implements FileStore {
    private final Map<String, Node> names = new TreeMap<>();
    private Map<String, Node> durableNames = new TreeMap<>();
    private long operations;
    private long reads;
    private boolean failReads;
    private long stopAt = Long.MAX_VALUE;

    /** What the disk holds after a power cut now: names and bytes that were synced, and of the rest what chance lets through. */
    synchronized FakeDisk afterPowerCut(Random random) {
        FakeDisk disk = new FakeDisk();
        TreeMap<String, Node> everything = new TreeMap<>(durableNames);
        everything.putAll(names);
        everything.forEach((name, node) -> {
            boolean settled = durableNames.get(name) == node && names.get(name) == node;
            if (settled || (durableNames.containsKey(name) ? !names.containsKey(name) : true) && random.nextBoolean()) {
                Node copy = new Node();
                copy.bytes = random.nextBoolean() ? node.durable.clone() : torn(node, random);
                copy.durable = copy.bytes.clone();
                disk.names.put(name, copy);
            }
        });
        disk.durableNames = new TreeMap<>(disk.names);
        return disk;
    }

    /** The synced bytes, with each unsynced block written or not. */
    private static byte[] torn(Node node, Random random) {
        byte[] bytes = Arrays.copyOf(node.durable, Math.max(node.bytes.length, node.durable.length));
        for (int at = 0; at < node.bytes.length; at += ALIGNMENT) {
            if (random.nextBoolean()) {
                System.arraycopy(node.bytes, at, bytes, at, Math.min(ALIGNMENT, node.bytes.length - at));
            }
        }
        return bytes;
    }

    /** Every operation from the one with this number on fails. */
    synchronized void stopAt(long operation) {
        stopAt = operation;
    }

    /** Whether reads fail, as those of a bad sector do. */
    synchronized void failReads(boolean fail) {
        failReads = fail;
    }

    /** How often something was read. */
    synchronized long reads() {
        return reads;
    }

    synchronized long operations() {
        return operations;
    }

    synchronized byte[] bytes(String name) {
        return node(name).bytes;
    }

    /** Replaces a file's bytes behind the store's back. */
    synchronized void damage(String name, byte[] bytes) {
        node(name).bytes = bytes;
    }

    private Node node(String name) {
        Node node = names.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no file " + name);
        }
        return node;
    }

    private void step() throws IOException {
        if (++operations >= stopAt) {
            throw new IOException("the disk stopped");
        }
    }

    @Override
    public synchronized File open(String name, Mode mode) throws IOException {
        step();
        return new FakeFile(names.computeIfAbsent(name, n -> new Node()));
    }

    @Override
    public synchronized boolean exists(String name) {
        return names.containsKey(name);
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(names.keySet());
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        step();
        names.remove(name);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        step();
        names.put(to, node(from));
        names.remove(from);
    }

    @Override
    public synchronized void syncDirectory() throws IOException {
        step();
        durableNames = new TreeMap<>(names);
    }

    @Override
    public long usableBytes() {
        return Long.MAX_VALUE;
    }

    private static final class Node {
        byte[] bytes = new byte[0];
        byte[] durable = new byte[0];
    }

    private final class FakeFile implements File {
        private final Node node;
        private boolean closed;

        FakeFile(Node node) {
            this.node = node;
        }

        private void check(ByteBuffer buffer, long position) throws IOException {
            if (closed) {
                throw new IOException("closed");
            }
            if (buffer.remaining() % ALIGNMENT != 0
                    || position % ALIGNMENT != 0
                    || buffer.alignmentOffset(buffer.position(), ALIGNMENT) != 0) {
                throw new IOException("not aligned");
            }
        }

        @Override
        public int read(ByteBuffer to, long position) throws IOException {
            synchronized (FakeDisk.this) {
                check(to, position);
                reads++;
                if (failReads) {
                    throw new IOException("Input/output error");
                }
                int length = (int) Math.max(0, Math.min(to.remaining(), node.bytes.length - position));
                if (length > 0) {
                    to.put(node.bytes, (int) position, length);
                }
                return length;
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            synchronized (FakeDisk.this) {
                check(from, position);
                step();
                int end = (int) position + from.remaining();
                if (end > node.bytes.length) {
                    node.bytes = Arrays.copyOf(node.bytes, end);
                }
                from.get(node.bytes, (int) position, from.remaining());
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (FakeDisk.this) {
                step();
                node.durable = node.bytes.clone();
            }
        }

        @Override
        public long size() {
            synchronized (FakeDisk.this) {
                return node.bytes.length;
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (FakeDisk.this) {
                step();
                node.bytes = Arrays.copyOf(node.bytes, (int) Math.min(size, node.bytes.length));
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
