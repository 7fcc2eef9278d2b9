package dev.pabal.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.log.BatchHeader;
import dev.pabal.message.AmqpProperties.Property;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is published over AMQP is found again, by AMQP and by Kafka's own reader, and what Kafka stored is shown as AMQP. */
class AmqpRecordTest {
    private static final long TIME_MS = 1_700_000_000_123L;

    private final BatchMemory memory = new BatchMemory(1 << 20);
    private final AmqpBatch batch = new AmqpBatch(memory);
    private final AmqpRecord record = new AmqpRecord();
    private final AmqpProperties properties = new AmqpProperties();

    @Test
    void aMessageIsReadBackByteForByte() {
        ByteBuffer raw = properties(Map.of("n", 7, "s", "text"), "text/plain", 2, "5000");
        batch.add(bytes("logs"), bytes("a.b"), raw, 0, raw.limit(), ByteBuffer.wrap(bytes("..body..")), 2, 4);
        ByteBuffer stored = batch.seal(TIME_MS);

        record.wrap(stored, BatchHeader.BYTES, BatchHeader.baseTimestamp(stored, 0));

        assertThat(BatchCheck.check(stored)).isEqualTo(BatchCheck.Verdict.GOOD);
        assertThat(record.fromAmqp()).isTrue();
        assertThat(record.exchange()).isEqualTo("logs");
        assertThat(record.routingKey()).isEqualTo("a.b");
        assertThat(record.timestampMs()).isEqualTo(TIME_MS);
        assertThat(text(stored, record.bodyAt(), record.bodyLength())).isEqualTo("body");
        assertThat(record.propertiesBuffer().slice(record.propertiesAt(), record.propertiesLength()))
                .isEqualTo(raw);
        assertThat(record.sizeInBytes() + BatchHeader.BYTES).isEqualTo(stored.limit());
        record.properties(properties);
        assertThat(properties.expirationMs()).isEqualTo(5000);
        assertThat(properties.persistent()).isTrue();
        assertThat(properties.headers()).isEqualTo(Map.of("n", 7, "s", "text"));
        assertThat(properties.header(bytes("n"))).isEqualTo(7);
        assertThat(properties.header(bytes("none"))).isNull();
    }

    @Test
    void kafkasReaderSeesKeyBodyAndTextualHeaders() {
        Map<String, Object> headers = new TreeMap<>(Map.of("n", 7L, "s", "text", "t", true, "list", List.of(1)));
        ByteBuffer raw = properties(headers, "text/plain", 1, null);
        batch.add(bytes(""), bytes("orders"), raw, 0, raw.limit(), ByteBuffer.wrap(bytes("body")), 0, 4);
        Record seen = read(batch.seal(TIME_MS)).get(0);

        assertThat(UTF_8.decode(seen.key()).toString()).isEqualTo("orders");
        assertThat(UTF_8.decode(seen.value()).toString()).isEqualTo("body");
        assertThat(seen.timestamp()).isEqualTo(TIME_MS);
        List<String> shown = new ArrayList<>();
        for (Header header : seen.headers()) {
            if (!header.key().equals(AmqpRecord.ENVELOPE)) {
                shown.add(header.key() + "=" + new String(header.value(), UTF_8));
            }
        }
        assertThat(seen.headers()[0].key()).isEqualTo(AmqpRecord.ENVELOPE);
        assertThat(shown).containsExactly("n=7", "s=text", "t=true", "content-type=text/plain");
    }

    @Test
    void manyMessagesOfAllSizesInPiecesAreWalkedThrough() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        List<byte[]> bodies = new ArrayList<>();
        ByteBuffer raw = properties(Map.of(), null, 1, null);
        for (int i = 0; i < 500; i++) {
            byte[] body = new byte[random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(100)];
            random.nextBytes(body);
            bodies.add(body);
            batch.begin(bytes("x"), bytes(i % 3 == 0 ? "" : "key" + i), raw, 0, raw.limit(), body.length);
            int cut = body.length == 0 ? 0 : random.nextInt(body.length);
            batch.body(ByteBuffer.wrap(body), 0, cut);
            batch.body(ByteBuffer.wrap(body), cut, body.length - cut);
        }
        ByteBuffer stored = batch.seal(TIME_MS);
        assertThat(BatchCheck.check(stored)).as("seed %s", seed).isEqualTo(BatchCheck.Verdict.GOOD);
        int at = BatchHeader.BYTES;
        for (int i = 0; i < bodies.size(); i++) {
            record.wrap(stored, at, TIME_MS);
            assertThat(record.offsetDelta()).isEqualTo(i);
            assertThat(FieldTable.bytes(stored, record.bodyAt(), record.bodyLength()))
                    .as("seed %s", seed)
                    .isEqualTo(bodies.get(i));
            assertThat(record.routingKey()).isEqualTo(i % 3 == 0 ? "" : "key" + i);
            at += record.sizeInBytes();
        }
        assertThat(at).isEqualTo(stored.limit());
        assertThat(read(stored)).hasSize(bodies.size());
    }

    @Test
    void aRecordOfKafkaHasItsHeadersAndTimeAsProperties() {
        Header[] headers = {
            new RecordHeader("trace", bytes("abc")),
            new RecordHeader("content-type", bytes("application/json")),
            new RecordHeader("empty", null)
        };
        MemoryRecords records = MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord(TIME_MS, bytes("key"), bytes("value"), headers));
        ByteBuffer stored = records.buffer();

        record.wrap(stored, BatchHeader.BYTES, BatchHeader.baseTimestamp(stored, 0));
        record.properties(properties);

        assertThat(record.fromAmqp()).isFalse();
        assertThat(record.exchange()).isEmpty();
        assertThat(record.routingKey()).isEqualTo("key");
        assertThat(text(stored, record.bodyAt(), record.bodyLength())).isEqualTo("value");
        assertThat(properties.text(Property.CONTENT_TYPE)).isEqualTo("application/json");
        assertThat(properties.timestampSeconds(-1)).isEqualTo(TIME_MS / 1000);
        assertThat(properties.headers())
                .containsEntry("trace", "abc")
                .containsKey("empty")
                .hasSize(2);
        assertThat(properties.persistent()).isTrue();
    }

    @Test
    void aTombstoneIsAnEmptyBody() {
        ByteBuffer stored = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(TIME_MS, (byte[]) null, null))
                .buffer();
        record.wrap(stored, BatchHeader.BYTES, TIME_MS);
        assertThat(record.bodyLength()).isZero();
        assertThat(record.routingKeyLength()).isZero();
    }

    @Test
    void editedPropertiesKeepWhatIsNotNamed() {
        ByteBuffer raw =
                properties(new TreeMap<>(Map.of("a", 1, "b", "two", "c", List.of("x"))), "text/plain", 2, "60");
        properties.wrap(raw, 0, raw.limit());
        Map<String, @Nullable Object> changes = new TreeMap<>();
        changes.put("b", null);
        changes.put("x-death", List.of(Map.of("count", 1L)));

        ByteBuffer edited = properties.edited(changes, Set.of(Property.EXPIRATION));

        AmqpProperties after = new AmqpProperties().wrap(edited, 0, edited.limit());
        assertThat(after.headers())
                .isEqualTo(Map.of("a", 1, "c", List.of("x"), "x-death", List.of(Map.of("count", 1L))));
        assertThat(after.has(Property.EXPIRATION)).isFalse();
        assertThat(after.text(Property.CONTENT_TYPE)).isEqualTo("text/plain");
        assertThat(after.persistent()).isTrue();
    }

    @Test
    void malformedPropertiesAreRefusedAndLeaveTheBatchAsItWas() {
        ByteBuffer good = properties(Map.of("a", 1), "text/plain", 2, "60");
        batch.add(bytes(""), bytes("q"), good, 0, good.limit(), ByteBuffer.wrap(bytes("1")), 0, 1);
        int size = batch.sizeInBytes();
        for (int cut = 0; cut < good.limit(); cut++) {
            int length = cut;
            assertThatThrownBy(() -> batch.begin(bytes(""), bytes("q"), good, 0, length, 1))
                    .isInstanceOf(FieldTableException.class);
        }
        assertThat(batch.sizeInBytes()).isEqualTo(size);
        assertThat(batch.records()).isEqualTo(1);
    }

    @Test
    void randomBytesAreRefusedOrReadButNeverAnythingElse() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            ByteBuffer in = ByteBuffer.wrap(noise);
            try {
                record.wrap(in, 0, TIME_MS).properties(properties);
                properties.headers();
            } catch (IllegalArgumentException | IndexOutOfBoundsException expected) {
                assertThat(expected).as("seed %s", seed).isNotNull();
            }
        }
    }

    private static List<Record> read(ByteBuffer stored) {
        List<Record> all = new ArrayList<>();
        MemoryRecords.readableRecords(stored.duplicate()).batches().forEach(b -> {
            b.ensureValid();
            b.forEach(all::add);
        });
        return all;
    }

    private static ByteBuffer properties(
            Map<String, Object> headers, @Nullable String contentType, int deliveryMode, @Nullable String expiration) {
        ByteBuffer out = ByteBuffer.allocate(4096);
        int flags = 0;
        out.putShort((short) 0);
        if (contentType != null) {
            flags |= 1 << 15;
            out.put((byte) contentType.length()).put(bytes(contentType));
        }
        if (!headers.isEmpty()) {
            flags |= 1 << 13;
            out.put(FieldTableWriter.encode(headers));
        }
        flags |= 1 << 12;
        out.put((byte) deliveryMode);
        if (expiration != null) {
            flags |= 1 << 8;
            out.put((byte) expiration.length()).put(bytes(expiration));
        }
        return out.putShort(0, (short) flags).flip();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(ByteBuffer in, int at, int length) {
        return FieldTable.text(in, at, length);
    }
}
