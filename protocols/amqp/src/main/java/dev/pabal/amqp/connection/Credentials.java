package dev.pabal.amqp.connection;

import dev.pabal.message.FieldTable;
import dev.pabal.message.FieldTableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Name and password out of a SASL response.
 *
 * <pre>
 *   PLAIN      authorization id, 0, name, 0, password   (RFC 4616)
 *   AMQPLAIN   a field table without its length field, with LOGIN and PASSWORD
 * </pre>
 */
record Credentials(String name, String password) {
    /** What {@code connection.start} offers. */
    static final String MECHANISMS = "AMQPLAIN PLAIN";

    static boolean knows(String mechanism) {
        return mechanism.equals("PLAIN") || mechanism.equals("AMQPLAIN");
    }

    /** Null where the response is none of the mechanism's. */
    static @Nullable Credentials parse(String mechanism, byte[] response) {
        return mechanism.equals("PLAIN") ? plain(response) : amqplain(response);
    }

    private static @Nullable Credentials plain(byte[] response) {
        int first = indexOfZero(response, 0);
        int second = first < 0 ? -1 : indexOfZero(response, first + 1);
        if (second < 0) {
            return null;
        }
        return new Credentials(
                new String(response, first + 1, second - first - 1, StandardCharsets.UTF_8),
                new String(response, second + 1, response.length - second - 1, StandardCharsets.UTF_8));
    }

    private static int indexOfZero(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable Credentials amqplain(byte[] response) {
        ByteBuffer table = ByteBuffer.allocate(response.length + 4).putInt(response.length);
        table.put(response).flip();
        try {
            Map<String, Object> map = FieldTable.decode(table, 0, table.limit());
            return map.get("LOGIN") instanceof String name && map.get("PASSWORD") instanceof String password
                    ? new Credentials(name, password)
                    : null;
        } catch (FieldTableException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "credentials of " + name;
    }
}
