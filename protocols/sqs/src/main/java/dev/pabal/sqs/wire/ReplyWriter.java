package dev.pabal.sqs.wire;

import java.nio.ByteBuffer;

/**
 * Writes the members of one reply, in JSON or XML, straight into the response's buffer. Lists and maps carry both names, since XML flattens
 * them: each element of a list is {@code <xmlName>...</xmlName>}, each entry of a map
 * {@code <xmlName><keyName>k</keyName><valueName>v</valueName></xmlName>}. For one thread; calls must be balanced.
 */
public interface ReplyWriter {
    void text(String name, String value);

    /** A text that lies as UTF-8 in memory; bytes that are no UTF-8 or no character of XML 1.0 must not come here. */
    void text(String name, ByteBuffer utf8, int at, int length);

    void number(String name, long value);

    void bool(String name, boolean value);

    /** Bytes, written as base64. */
    void bytes(String name, ByteBuffer bytes, int at, int length);

    void beginList(String name, String xmlName);

    /** A structure in the list that was begun. */
    void beginElement();

    /** A text in the list that was begun. */
    void element(String value);

    void beginMap(String name, String xmlName, String keyName, String valueName);

    /** A text in the map that was begun. */
    void entry(String key, String value);

    /** A structure in the map that was begun. */
    void beginEntry(String key);

    /** Ends the list, element, map or entry that was begun last. */
    void end();
}
