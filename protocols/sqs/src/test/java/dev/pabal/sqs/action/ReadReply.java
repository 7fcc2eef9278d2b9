package dev.pabal.sqs.action;

import dev.pabal.sqs.wire.ReplyWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects a reply as maps and lists. */
final class ReadReply implements ReplyWriter {
    private final Map<String, Object> members = new LinkedHashMap<>();
    /** What is being written: maps and lists. */
    private final Deque<Object> open = new ArrayDeque<>();

    static Map<String, Object> of(Reply reply) {
        ReadReply read = new ReadReply();
        read.open.push(read.members);
        reply.write(read);
        reply.close();
        if (read.open.size() != 1) {
            throw new AssertionError("begun and not ended: " + read.open);
        }
        return read.members;
    }

    @SuppressWarnings("unchecked")
    private void put(String name, Object value) {
        ((Map<String, Object>) open.getFirst()).put(name, value);
    }

    @SuppressWarnings("unchecked")
    private void add(Object value) {
        ((List<Object>) open.getFirst()).add(value);
    }

    @Override
    public void text(String name, String value) {
        put(name, value);
    }

    @Override
    public void text(String name, ByteBuffer utf8, int at, int length) {
        byte[] bytes = new byte[length];
        utf8.get(at, bytes);
        put(name, new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void number(String name, long value) {
        put(name, value);
    }

    @Override
    public void bool(String name, boolean value) {
        put(name, value);
    }

    @Override
    public void bytes(String name, ByteBuffer bytes, int at, int length) {
        byte[] copy = new byte[length];
        bytes.get(at, copy);
        put(name, copy);
    }

    @Override
    public void beginList(String name, String xmlName) {
        List<Object> list = new ArrayList<>();
        put(name, list);
        open.push(list);
    }

    @Override
    public void beginElement() {
        Map<String, Object> element = new LinkedHashMap<>();
        add(element);
        open.push(element);
    }

    @Override
    public void element(String value) {
        add(value);
    }

    @Override
    public void beginMap(String name, String xmlName, String keyName, String valueName) {
        beginEntry(name);
    }

    @Override
    public void entry(String key, String value) {
        put(key, value);
    }

    @Override
    public void beginEntry(String key) {
        Map<String, Object> map = new LinkedHashMap<>();
        put(key, map);
        open.push(map);
    }

    @Override
    public void end() {
        open.pop();
    }
}
