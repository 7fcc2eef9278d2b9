package dev.pabal.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.BatchHeader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What AMQP and Kafka stored is shown as SQS can say it; ids, digests and what counts as text. */
class SqsRecordTest {
    private static final long TIME_MS = 1_700_000_000_123L;
    private static final UUID QUEUE = new UUID(3, 4);

    @Test
    void anAmqpMessageShowsItsHeadersAndTextsAsAttributes() throws Exception {
        Map<String, Object> headers = new LinkedHashMap<>();
        headers.put("text", "t");
        headers.put("whole", 7L);
        headers.put("decimal", new BigDecimal("1.50"));
        headers.put("flag", true);
        headers.put("time", Instant.ofEpochSecond(12));
        headers.put("bytes", new byte[] {1});
        headers.put("list", List.of(1));
        headers.put("x-delay", 5);
        headers.put("x-first-death-queue", "where");
        SqsRecord read = amqp(headers, "body".getBytes(UTF_8), "key");

        assertThat(shown(read))
                .containsExactly(
                        "text String t",
                        "whole Number 7",
                        "decimal Number 1.50",
                        "flag String true",
                        "time Number 12",
                        "bytes Binary \u0001",
                        "content-type String text/plain");
        assertThat(read.fromSqs()).isFalse();
        assertThat(read.messageId(QUEUE, 1)).isEqualTo("id-1");
        assertThat(read.group()).isEqualTo("key");
        assertThat(read.sourceQueue()).isEqualTo("where");
        assertThat(read.sentMs()).isEqualTo(TIME_MS);
        assertThat(read.sender()).isNull();
    }

    @Test
    void aHeaderHidesThePropertyOfItsName() throws Exception {
        SqsRecord read = amqp(Map.of("content-type", "a header"), "body".getBytes(UTF_8), "key");

        assertThat(shown(read)).containsExactly("content-type String a header");
    }

    @Test
    void aBodyThatIsNoTextIsShownAsBase64() throws Exception {
        SqsRecord read = amqp(Map.of(), new byte[] {(byte) 0xff, 0}, "");
        byte[] md5 = new byte[16];
        read.bodyMd5(new SqsDigests(), md5);

        assertThat(text(read.bodyBuffer(), read.bodyAt(), read.bodyLength())).isEqualTo("/wA=");
        assertThat(md5).isEqualTo(MessageDigest.getInstance("MD5").digest("/wA=".getBytes(UTF_8)));
        assertThat(shown(read)).contains("pabal.body-encoding String base64");
        assertThat(read.group()).isNull();
    }

    @Test
    void aKafkaRecordShowsItsKeyAsGroupAndItsHeadersAsAttributes() {
        Header[] headers = {
            new RecordHeader("text", "before".getBytes(UTF_8)),
            new RecordHeader("text", "t".getBytes(UTF_8)),
            new RecordHeader("bytes", new byte[] {(byte) 0x80}),
            new RecordHeader("nothing", null)
        };
        MemoryRecords records = MemoryRecords.withRecords(
                Compression.NONE,
                new SimpleRecord(TIME_MS, "user".getBytes(UTF_8), "b".getBytes(UTF_8), headers),
                new SimpleRecord(TIME_MS, (byte[]) null, null));
        ByteBuffer batch = records.buffer();
        SqsRecord read = new SqsRecord().wrap(batch, BatchHeader.BYTES, BatchHeader.baseTimestamp(batch, 0));

        assertThat(shown(read)).containsExactly("text String t", "bytes Binary \ufffd");
        assertThat(read.group()).isEqualTo("user");
        assertThat(read.messageId(QUEUE, 9))
                .isEqualTo(MessageIds.messageId(QUEUE, 9).toString());
        int second = BatchHeader.BYTES + read.record().sizeInBytes();
        read.wrap(batch, second, BatchHeader.baseTimestamp(batch, 0));
        assertThat(read.bodyLength()).isZero();
        assertThat(read.group()).isNull();
    }

    @Test
    void textIsWhatUtf8AndXmlSay() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        int good = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = nearlyText(random);
            ByteBuffer padded = ByteBuffer.allocateDirect(bytes.length + 2).put(1, bytes);
            boolean expected = isTextByTheBook(bytes);
            good += expected ? 1 : 0;
            assertThat(SqsText.isText(padded, 1, bytes.length))
                    .as("-Dpabal.seed=%d: %s", seed, HexFormat.of().formatHex(bytes))
                    .isEqualTo(expected);
        }
        assertThat(good).isBetween(5_000, 45_000);
    }

    private static byte[] nearlyText(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(20);
        for (int i = 0; i < length; i++) {
            int[] edges = {
                9, 10, 13, 0x1f, 0x20, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xfffe, 0x10000, 0x10ffff
            };
            text.appendCodePoint(random.nextInt(3) > 0 ? 'a' : edges[random.nextInt(edges.length)]);
        }
        byte[] bytes = text.toString().getBytes(UTF_8);
        if (bytes.length > 0 && random.nextInt(3) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static boolean isTextByTheBook(byte[] bytes) {
        try {
            String text = UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            boolean all = text.codePoints()
                    .allMatch(c -> c == 9
                            || c == 10
                            || c == 13
                            || c >= 0x20 && c <= 0xd7ff
                            || c >= 0xe000 && c <= 0xfffd
                            || c >= 0x10000);
            assertThat(SqsText.isText(text)).isEqualTo(all);
            return all;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Test
    void halfASurrogatePairIsNoText() {
        assertThat(SqsText.isText("a\ud83d")).isFalse();
        assertThat(SqsText.isText("\ude00b")).isFalse();
        assertThat(SqsText.isText("\ud83d\ude00")).isTrue();
    }

    @Test
    void idsAreUuidsOfVersion4AndNeverMeetWithinAQueue() {
        Set<Object> seen = new HashSet<>();
        for (long offset = 0; offset < 100_000; offset++) {
            UUID id = MessageIds.messageId(QUEUE, offset);
            assertThat(id.version()).isEqualTo(4);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(seen.add(id.getLeastSignificantBits())).isTrue();
            assertThat(seen.add(id.getMostSignificantBits())).isTrue();
        }
    }

    /** Clients keep ids, and stored views keep hashes: a build that computes others is wrong. */
    @Test
    void idsAndHashesAreWhatTheyAlwaysWere() {
        ByteBuffer text = ByteBuffer.wrap("a group's name".getBytes(UTF_8));

        assertThat(MessageIds.messageId(new UUID(1, 2), 3)).hasToString("a2764766-24bf-4240-800a-fd2451a20341");
        assertThat(MessageIds.groupHash(text, 0, text.limit())).isEqualTo(5229103373578244188L);
        assertThat(MessageIds.dedupHigh(5, text, 2, 9)).isEqualTo(-6942572219301907104L);
        assertThat(MessageIds.dedupLow(5, text, 2, 9)).isEqualTo(3819352424498592572L);
    }

    @Test
    void hashesTellNamesScopesAndHalvesApart() {
        Set<Long> seen = new HashSet<>();
        int made = 0;
        for (int length = 0; length < 40; length++) {
            ByteBuffer name = ByteBuffer.wrap("x".repeat(length).getBytes(UTF_8));
            for (long scope = 0; scope < 50; scope++) {
                seen.add(MessageIds.dedupHigh(scope, name, 0, length));
                seen.add(MessageIds.dedupLow(scope, name, 0, length));
                made += 2;
            }
        }
        assertThat(seen).hasSize(made);
        assertThat(MessageIds.groupHash(ByteBuffer.allocate(0), 0, 0)).isZero();
    }

    @Test
    void sequenceNumbersHaveTwentyDigitsAndGrow() {
        assertThat(MessageIds.sequenceNumber(0)).isEqualTo("10000000000000000000");
        assertThat(MessageIds.sequenceNumber(1L << 62)).hasSize(20).isGreaterThan(MessageIds.sequenceNumber(41));
    }

    @Test
    void theDigestOfAttributesIsSqss() throws Exception {
        List<SqsAttribute> attributes = List.of(
                new SqsAttribute("b", "Number.int", ByteBuffer.wrap("17".getBytes(UTF_8)), 0, 2),
                new SqsAttribute("a", "Binary.png", ByteBuffer.allocateDirect(2).put(1, (byte) 5), 1, 1));
        byte[] md5 = new byte[16];
        new SqsDigests().attributes(attributes, md5);

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        write(out, "a", "Binary.png", 2, new byte[] {5});
        write(out, "b", "Number.int", 1, "17".getBytes(UTF_8));
        assertThat(md5).isEqualTo(MessageDigest.getInstance("MD5").digest(bytes.toByteArray()));
    }

    private static void write(DataOutputStream out, String name, String type, int kind, byte[] value)
            throws IOException {
        out.writeInt(name.length());
        out.writeBytes(name);
        out.writeInt(type.length());
        out.writeBytes(type);
        out.writeByte(kind);
        out.writeInt(value.length);
        out.write(value);
    }

    // ---- records

    private static SqsRecord amqp(Map<String, ?> headers, byte[] body, String routingKey) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(1 << 15 | 1 << 13 | 1 << 7);
        shortstr(out, "text/plain");
        out.write(FieldTableWriter.encode(headers));
        shortstr(out, "id-1");
        ByteBuffer raw = ByteBuffer.wrap(bytes.toByteArray());
        AmqpBatch batch = new AmqpBatch(new BatchMemory(1 << 16));
        batch.add(
                "ex".getBytes(UTF_8),
                routingKey.getBytes(UTF_8),
                raw,
                0,
                raw.limit(),
                ByteBuffer.wrap(body),
                0,
                body.length);
        ByteBuffer stored = batch.seal(TIME_MS);
        return new SqsRecord().wrap(stored, BatchHeader.BYTES, BatchHeader.baseTimestamp(stored, 0));
    }

    private static void shortstr(DataOutputStream out, String text) throws IOException {
        out.writeByte(text.length());
        out.writeBytes(text);
    }

    private static List<String> shown(SqsRecord read) {
        return read.attributes().stream()
                .map(a -> a.name() + " " + a.type() + " " + text(a.memory(), a.at(), a.length()))
                .toList();
    }

    private static String text(@Nullable ByteBuffer in, int at, int length) {
        return new String(FieldTable.bytes(in, at, length), UTF_8);
    }
}
