package dev.pabal.message;

import java.nio.ByteBuffer;

/**
 * A message attribute as SQS has it.
 *
 * @param name its name
 * @param type its data type with the custom suffix: {@code String}, {@code Number.int}, {@code Binary.png}
 * @param memory holds the value: UTF-8 of a text or a number, or bytes
 * @param at where it begins; absolute
 * @param length its bytes
 */
public record SqsAttribute(String name, String type, ByteBuffer memory, int at, int length) {
    private static final String BINARY = "Binary";

    /** Whether the value is bytes rather than text. */
    public boolean binary() {
        return type.startsWith(BINARY);
    }

    /** The same, as binary where it claims to be a text and SQS cannot say it. */
    SqsAttribute sayable() {
        return binary() || SqsText.isText(memory, at, length)
                ? this
                : new SqsAttribute(name, BINARY, memory, at, length);
    }
}
