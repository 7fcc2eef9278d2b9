package dev.pabal.message;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What SQS says about a message is found again: at once, by other protocols, and after it was moved. */
class SqsEnvelopeTest {
    private static final long TIME_MS = 1_700_000_000_123L;
    private static final UUID QUEUE = new UUID(3, 4);

    private final AmqpBatch batch = new AmqpBatch(new BatchMemory(1 << 20));
    private final SqsProperties writer = new SqsProperties();
    private final SqsDigests digests = new SqsDigests();

    /** A message as it is sent. */
    private record Sent(
            String body,
            String group,
            String dedupId,
            String sender,
            String trace,
            int delaySeconds,
            List<SqsAttribute> attributes) {}

    @Test
    void messagesAreReadBackWhole() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            Sent sent = sent(random);

            SqsRecord read = read(stored(sent));

            assertThat(same(read, sent))
                    .as("-Dpabal.seed=%d, message %d: %s", seed, i, sent)
                    .isTrue();
        }
    }

    private boolean same(SqsRecord read, Sent sent) {
        byte[] stored = new byte[16];
        byte[] computed = new byte[16];
        read.bodyMd5(digests, stored);
        digests.body(ByteBuffer.wrap(sent.body.getBytes(UTF_8)), 0, sent.body.getBytes(UTF_8).length, computed);
        return read.fromSqs()
                && text(read.bodyBuffer(), read.bodyAt(), read.bodyLength()).equals(sent.body)
                && Arrays.equals(stored, computed)
                && emptyForNull(read.group()).equals(sent.group)
                && emptyForNull(read.dedupId()).equals(sent.dedupId)
                && emptyForNull(read.sender()).equals(sent.sender)
                && emptyForNull(read.traceHeader()).equals(sent.trace)
                && shown(read.attributes()).equals(shown(sent.attributes))
                && read.hasNoAttributes() == sent.attributes.isEmpty()
                && read.sentMs() == TIME_MS
                && read.messageId(QUEUE, 7)
                        .equals(MessageIds.messageId(QUEUE, 7).toString());
    }

    @Test
    void whatIsMovedKeepsItsIdAndItsTimeAndRemembersTheLastQueue() {
        Sent sent = new Sent("body", "g", "d", "AKID", "Root=1", 5, List.of(attribute("a", "String", "1")));
        UUID first = new UUID(1, 2);

        ByteBuffer once = moved(stored(sent), first, 77, "source");
        ByteBuffer twice = moved(once, new UUID(8, 8), 99, null);

        SqsRecord read = read(once);
        assertThat(read.messageId(QUEUE, 1)).isEqualTo(first.toString());
        assertThat(read.sentMs()).isEqualTo(77);
        assertThat(read.sourceQueue()).isEqualTo("source");
        assertThat(read.group()).isEqualTo("g");
        assertThat(shown(read.attributes())).isEqualTo(shown(sent.attributes));
        SqsRecord again = read(twice);
        assertThat(again.messageId(QUEUE, 1)).isEqualTo(first.toString());
        assertThat(again.sentMs()).isEqualTo(77);
        assertThat(again.sourceQueue()).isNull();
        assertThat(again.traceHeader()).isEqualTo("Root=1");
    }

    @Test
    void whatIsNotSqssIsNotMovedAsIfItWere() {
        byte[] raw = {0, 0};
        AmqpProperties none = new AmqpProperties().wrap(ByteBuffer.wrap(raw), 0, 2);

        assertThat(SqsEnvelope.moved(none, QUEUE, 1, "q")).isNull();
    }

    @Test
    void namesThatMeanSomethingToAmqpStayInTheEnvelope() {
        List<SqsAttribute> attributes = List.of(
                attribute("x-delay", "Number", "5000"),
                attribute("CC", "String", "other"),
                attribute("n".repeat(256), "String", "long"),
                attribute("ordinary", "String", "seen"));
        ByteBuffer stored = stored(new Sent("b", "", "", "", "", 0, attributes));

        AmqpProperties properties = new AmqpProperties();
        new AmqpRecord()
                .wrap(stored, BatchHeader.BYTES, BatchHeader.baseTimestamp(stored, 0))
                .properties(properties);

        assertThat(properties.headers()).containsOnlyKeys("ordinary", "x-sqs");
        assertThat(shown(read(stored).attributes())).isEqualTo(shown(attributes));
    }

    @Test
    void headersTakenToAnotherBodyAreNotSqss() {
        Sent sent = new Sent("body", "g", "", "", "", 0, List.of(attribute("a", "Number.int", "1")));
        ByteBuffer raw = properties(stored(sent));
        batch.add(new byte[0], new byte[0], raw, 0, raw.limit(), ByteBuffer.wrap("other".getBytes(UTF_8)), 0, 5);

        SqsRecord read = read(batch.seal(TIME_MS));

        assertThat(read.fromSqs()).isFalse();
        assertThat(shown(read.attributes())).containsExactly("a String 1");
    }

    @Test
    void aValueThatSomebodyMadeUnsayableIsBinary() {
        Sent sent = new Sent("body", "", "", "", "", 0, List.of(attribute("a", "String", "text")));
        ByteBuffer raw = properties(stored(sent));
        for (int i = 0; i + 4 <= raw.limit(); i++) {
            if (raw.getInt(i) == 0x74657874) {
                raw.put(i, (byte) 0xff);
            }
        }
        batch.add(new byte[0], new byte[0], raw, 0, raw.limit(), ByteBuffer.wrap("body".getBytes(UTF_8)), 0, 4);

        SqsRecord read = read(batch.seal(TIME_MS));

        assertThat(read.fromSqs()).isTrue();
        assertThat(read.attributes()).singleElement().matches(SqsAttribute::binary);
    }

    @Test
    void anEnvelopeAroundABodyThatIsNoTextIsNotSqss() {
        byte[] body = {(byte) 0xff, 0};
        ByteBuffer raw = new SqsProperties().write(ByteBuffer.wrap(body), 0, 2);
        batch.add(new byte[0], new byte[0], raw, 0, raw.limit(), ByteBuffer.wrap(body), 0, 2);

        SqsRecord read = read(batch.seal(TIME_MS));

        assertThat(read.fromSqs()).isFalse();
        assertThat(read.bodyLength()).isEqualTo(4);
    }

    @Test
    void damagedEnvelopesAreRefusedOrReadWithinTheirBytes() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        SqsEnvelope envelope = new SqsEnvelope();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer raw = damaged(random);
            try {
                AmqpProperties properties = new AmqpProperties().wrap(raw, 0, raw.limit());
                if (!envelope.wrap(properties)) {
                    refused++;
                    continue;
                }
                envelope.group();
                envelope.traceHeader();
                envelope.sourceQueue();
                envelope.attributes(properties, new ArrayList<>());
                SqsEnvelope.moved(properties, QUEUE, 1, "q");
            } catch (IllegalArgumentException e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("-Dpabal.seed=" + seed + ", message " + i, e);
            }
        }
        assertThat(refused).isPositive();
    }

    private ByteBuffer damaged(Random random) {
        ByteBuffer raw = properties(stored(sent(random)));
        int flips = 1 + random.nextInt(3);
        for (int f = 0; f < flips; f++) {
            raw.put(2 + random.nextInt(raw.limit() - 2), (byte) random.nextInt(256));
        }
        return raw;
    }

    @Test
    void anEnvelopeThatIsCutOffAnywhereIsNone() {
        Sent sent = new Sent("b", "g", "d", "s", "t", 1, List.of(attribute("x-a", "String", "v")));
        AmqpProperties properties = new AmqpProperties();
        ByteBuffer raw = properties(stored(sent));
        properties.wrap(raw, 0, raw.limit());
        int valueAt = properties.headerAt("x-sqs".getBytes(US_ASCII));
        int length = raw.getInt(valueAt + 1);
        SqsEnvelope envelope = new SqsEnvelope();

        assertThat(envelope.wrap(raw, valueAt + 5, length)).isTrue();
        for (int shorter = 0; shorter < length; shorter++) {
            assertThat(envelope.wrap(raw, valueAt + 5, shorter))
                    .as("%d bytes", shorter)
                    .isFalse();
        }
    }

    @Test
    void namesLongerThanTheirPlaceAreRefused() {
        assertThatThrownBy(() -> writer.group(new byte[256])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.traceHeader(new byte[65_536], new byte[16]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.delaySeconds(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- messages

    private ByteBuffer stored(Sent sent) {
        byte[] body = sent.body.getBytes(UTF_8);
        byte[] md5 = new byte[16];
        digests.body(ByteBuffer.wrap(body), 0, body.length, md5);
        writer.clear()
                .bodyMd5(md5)
                .group(sent.group.getBytes(UTF_8))
                .dedupId(sent.dedupId.getBytes(UTF_8))
                .sender(sent.sender.getBytes(UTF_8))
                .delaySeconds(sent.delaySeconds)
                .attributes(sent.attributes, new byte[16]);
        if (!sent.trace.isEmpty()) {
            writer.traceHeader(sent.trace.getBytes(UTF_8), new byte[16]);
        }
        ByteBuffer raw = writer.write(ByteBuffer.wrap(body), 0, body.length);
        batch.add(new byte[0], sent.group.getBytes(UTF_8), raw, 0, raw.limit(), ByteBuffer.wrap(body), 0, body.length);
        return batch.seal(TIME_MS);
    }

    private ByteBuffer moved(ByteBuffer stored, UUID id, long sentMs, @Nullable String queue) {
        AmqpRecord record = new AmqpRecord().wrap(stored, BatchHeader.BYTES, BatchHeader.baseTimestamp(stored, 0));
        AmqpProperties properties = record.properties(new AmqpProperties());
        Map<String, @Nullable Object> changes = new LinkedHashMap<>();
        changes.put(SqsEnvelope.NAME, SqsEnvelope.moved(properties, id, sentMs, queue));
        changes.put("x-death", List.of());
        ByteBuffer raw = properties.edited(changes, Set.of());
        AmqpBatch copy = new AmqpBatch(new BatchMemory(1 << 20));
        copy.add(new byte[0], new byte[0], raw, 0, raw.limit(), stored, record.bodyAt(), record.bodyLength());
        return copy.seal(TIME_MS + 5);
    }

    private static ByteBuffer properties(ByteBuffer stored) {
        AmqpRecord record = new AmqpRecord().wrap(stored, BatchHeader.BYTES, BatchHeader.baseTimestamp(stored, 0));
        byte[] bytes = new byte[record.propertiesLength()];
        record.propertiesBuffer().get(record.propertiesAt(), bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static SqsRecord read(ByteBuffer stored) {
        return new SqsRecord().wrap(stored, BatchHeader.BYTES, BatchHeader.baseTimestamp(stored, 0));
    }

    private static Sent sent(Random random) {
        Map<String, SqsAttribute> attributes = new LinkedHashMap<>();
        int count = random.nextInt(3) == 0 ? random.nextInt(11) : 0;
        for (int i = 0; i < count; i++) {
            String name = (random.nextInt(5) == 0 ? "x-" : "") + word(random, 1, random.nextInt(8) == 0 ? 253 : 12);
            String[] types = {"String", "Number", "Binary", "Number.int", "Binary.png", "String.\u00e9"};
            attributes.put(name, attribute(name, types[random.nextInt(types.length)], word(random, 1, 300)));
        }
        return new Sent(
                word(random, 0, 3000),
                random.nextBoolean() ? "" : word(random, 1, 128),
                random.nextBoolean() ? "" : word(random, 1, 128),
                random.nextBoolean() ? "" : word(random, 1, 128),
                random.nextBoolean() ? "" : word(random, 1, 600),
                random.nextInt(901),
                List.copyOf(attributes.values()));
    }

    private static String word(Random random, int min, int max) {
        int length = min + random.nextInt(max - min + 1);
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append((char) ('!' + random.nextInt(90)));
        }
        return word.toString();
    }

    private static SqsAttribute attribute(String name, String type, String value) {
        byte[] bytes = value.getBytes(UTF_8);
        return new SqsAttribute(name, type, ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    private static List<String> shown(List<SqsAttribute> attributes) {
        return attributes.stream()
                .map(a -> a.name() + " " + a.type() + " " + text(a.memory(), a.at(), a.length()))
                .toList();
    }

    private static String text(ByteBuffer in, int at, int length) {
        return new String(FieldTable.bytes(in, at, length), UTF_8);
    }

    private static String emptyForNull(@Nullable String text) {
        return text == null ? "" : text;
    }
}
