package dev.pabal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every value survives the way out and back; what is no table is refused. */
class FieldTableTest {
    @Test
    void everyKindOfValueComesBack() {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("flag", true);
        table.put("byte", (byte) -3);
        table.put("short", (short) -300);
        table.put("int", 70_000);
        table.put("long", 1L << 40);
        table.put("float", 1.5f);
        table.put("double", -2.25);
        table.put("decimal", new BigDecimal("12.34"));
        table.put("text", "파발");
        table.put("bytes", ByteBuffer.wrap(new byte[] {1, 2}));
        table.put("time", Instant.ofEpochSecond(1_700_000_000));
        table.put("list", new ArrayList<>(List.of(1, "two", Map.of("three", 3L))));
        table.put("nothing", null);
        byte[] encoded = FieldTableWriter.encode(table);
        assertThat(FieldTable.decode(ByteBuffer.wrap(encoded), 0, encoded.length))
                .isEqualTo(table);
    }

    @Test
    void whatIsCutOffIsRefused() {
        byte[] encoded = FieldTableWriter.encode(Map.of("a", 1, "b", List.of("x", 2L)));
        for (int length = 0; length < encoded.length; length++) {
            ByteBuffer in = ByteBuffer.wrap(encoded);
            int limit = length;
            assertThatThrownBy(() -> FieldTable.decode(in, 0, limit)).isInstanceOf(FieldTableException.class);
        }
    }

    @Test
    void deepNestingIsRefusedInsteadOfOverflowingTheStack() {
        int depth = 100_000;
        ByteBuffer out = ByteBuffer.allocate(depth * 5 + 8);
        out.putInt(depth * 5 + 2).put((byte) 0).put((byte) 'V');
        out.position(4);
        out.put((byte) 0);
        for (int i = 0; i < depth; i++) {
            out.put((byte) 'A').putInt((depth - i - 1) * 5);
        }
        ByteBuffer in = out.putInt(0, depth * 5 + 1).flip();
        assertThatThrownBy(() -> FieldTable.decode(in, 0, in.limit()))
                .isInstanceOf(FieldTableException.class)
                .hasMessageContaining("deep");
    }

    @Test
    void noiseIsRefusedOrReadButNeverAnythingElse() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] good = FieldTableWriter.encode(Map.of("a", 1, "b", List.of("x", 2L), "c", Map.of("d", "e")));
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] noisy = good.clone();
            noisy[random.nextInt(noisy.length)] = (byte) random.nextInt();
            try {
                FieldTable.decode(ByteBuffer.wrap(noisy), 0, noisy.length);
                read++;
            } catch (FieldTableException expected) {
                assertThat(expected).as("seed %s", seed).hasMessageMatching(".+");
            }
        }
        assertThat(read).as("seed %s", seed).isPositive();
    }
}
