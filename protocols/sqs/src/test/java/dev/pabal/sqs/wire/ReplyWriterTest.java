package dev.pabal.sqs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class ReplyWriterTest {
    @Test
    void oneReplyInBothForms() {
        Consumer<ReplyWriter> reply = out -> {
            out.text("QueueUrl", "http://h/0/q");
            out.number("Count", -5);
            out.bool("More", true);
            out.bytes("Blob", ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}), 1, 3);
            out.beginList("QueueUrls", "QueueUrl");
            out.element("a");
            out.element("b");
            out.end();
            out.beginMap("Attributes", "Attribute", "Name", "Value");
            out.entry("DelaySeconds", "0");
            out.entry("x", "y");
            out.end();
            out.beginList("Messages", "Message");
            out.beginElement();
            out.text("Body", "<&>");
            out.beginMap("MessageAttributes", "MessageAttribute", "Name", "Value");
            out.beginEntry("n");
            out.text("DataType", "Number");
            out.end();
            out.beginEntry("m");
            out.text("DataType", "String");
            out.end();
            out.end();
            out.end();
            out.end();
        };
        assertThat(json(reply))
                .isEqualTo(
                        "{\"QueueUrl\":\"http://h/0/q\",\"Count\":-5,\"More\":true,\"Blob\":\"AQID\",\"QueueUrls\":[\"a\",\"b\"],"
                                + "\"Attributes\":{\"DelaySeconds\":\"0\",\"x\":\"y\"},\"Messages\":[{\"Body\":\"<&>\",\"MessageAttributes\":"
                                + "{\"n\":{\"DataType\":\"Number\"},\"m\":{\"DataType\":\"String\"}}}]}");
        assertThat(xml(reply))
                .isEqualTo(
                        "<?xml version=\"1.0\"?><DoItResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><DoItResult>"
                                + "<QueueUrl>http://h/0/q</QueueUrl><Count>-5</Count><More>true</More><Blob>AQID</Blob>"
                                + "<QueueUrl>a</QueueUrl><QueueUrl>b</QueueUrl>"
                                + "<Attribute><Name>DelaySeconds</Name><Value>0</Value></Attribute><Attribute><Name>x</Name><Value>y</Value></Attribute>"
                                + "<Message><Body>&lt;&amp;&gt;</Body>"
                                + "<MessageAttribute><Name>n</Name><Value><DataType>Number</DataType></Value></MessageAttribute>"
                                + "<MessageAttribute><Name>m</Name><Value><DataType>String</DataType></Value></MessageAttribute></Message>"
                                + "</DoItResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DoItResponse>");
    }

    @Test
    void anEmptyReply() {
        assertThat(json(out -> {})).isEqualTo("{}");
        assertThat(xml(out -> {})).contains("\"><DoItResult/><ResponseMetadata>");
        ByteBuf none = Unpooled.buffer();
        new XmlReplyWriter(none, "DoIt", false).finish("id");
        assertThat(none.toString(StandardCharsets.UTF_8)).contains("05/\"><ResponseMetadata>");
    }

    @Test
    void errorsInBothForms() {
        ByteBuf json = Unpooled.buffer();
        JsonReplyWriter.error(json, SqsError.QUEUE_DOES_NOT_EXIST, "no \"q\"");
        assertThat(json.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"no \\\"q\\\"\"}");
        ByteBuf xml = Unpooled.buffer();
        XmlReplyWriter.error(xml, SqsError.QUEUE_DOES_NOT_EXIST, "no <q>\u0001\uD800", "id");
        assertThat(xml.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "<?xml version=\"1.0\"?><ErrorResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><Error><Type>Sender"
                                + "</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>no &lt;q&gt;\uFFFD\uFFFD</Message><Detail/></Error>"
                                + "<RequestId>id</RequestId></ErrorResponse>");
        ByteBuf common = Unpooled.buffer();
        JsonReplyWriter.error(common, SqsError.SIGNATURE_DOES_NOT_MATCH, "");
        assertThat(common.toString(StandardCharsets.UTF_8))
                .contains("\"com.amazon.coral.service#InvalidSignatureException\"");
    }

    @Test
    void xmlKeepsCarriageReturns() {
        assertThat(xml(out -> out.text("Body", "a\r\n\t\"b\""))).contains("<Body>a&#xD;\n\t&quot;b&quot;</Body>");
    }

    @Test
    void whateverTextIsWrittenReadersReadTheSame() throws Exception {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            String text = text(random);
            int before = random.nextInt(9);
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            ByteBuffer memory = random.nextBoolean()
                    ? ByteBuffer.allocateDirect(before + utf8.length + 3)
                    : ByteBuffer.allocate(before + utf8.length + 3);
            memory.put(before, utf8);
            Consumer<ReplyWriter> reply = out -> {
                out.text("a", text);
                out.text("b", memory, before, utf8.length);
            };
            JsonNode read = new ObjectMapper().readTree(json(reply));
            assertThat(read.get("a").textValue()).as("seed %d", seed).isEqualTo(text);
            assertThat(read.get("b").textValue()).as("seed %d", seed).isEqualTo(text);
            var document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(xml(reply).getBytes(StandardCharsets.UTF_8)));
            for (String name : new String[] {"a", "b"}) {
                assertThat(document.getElementsByTagName(name).item(0).getTextContent())
                        .as("seed %d", seed)
                        .isEqualTo(text);
            }
        }
    }

    /** Characters that XML 1.0 knows, escapes more often than chance would have them. */
    private static String text(Random random) {
        int length = random.nextInt(40);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(6)) {
                case 0 -> text.append("\"\\&<>\r\n\t'/".charAt(random.nextInt(10)));
                case 1 -> text.appendCodePoint(0x80 + random.nextInt(0xD800 - 0x80));
                case 2 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                case 3 -> text.appendCodePoint(0xE000 + random.nextInt(0x1FFE));
                default -> text.append((char) (' ' + random.nextInt(95)));
            }
        }
        return text.toString();
    }

    private static String json(Consumer<ReplyWriter> reply) {
        ByteBuf out = Unpooled.buffer();
        JsonReplyWriter writer = new JsonReplyWriter(out);
        writer.begin(out);
        reply.accept(writer);
        writer.finish();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String xml(Consumer<ReplyWriter> reply) {
        ByteBuf out = Unpooled.buffer();
        XmlReplyWriter writer = new XmlReplyWriter(out, "DoIt", true);
        reply.accept(writer);
        writer.finish("id");
        return out.toString(StandardCharsets.UTF_8);
    }
}
