package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Attributes of messages and their digests; the SDK computes each digest itself and fails where ours differs. */
class MessageAttributeTest extends SqsTest {
    private static final String TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

    MessageAttributeTest(SqsUnderTest broker) {
        super(broker);
    }

    private SendMessageResponse send(String url, Map<String, MessageAttributeValue> attributes) {
        return sqs.sendMessage(
                request -> request.queueUrl(url).messageBody("test").messageAttributes(attributes));
    }

    private void assertComeBack(Map<String, MessageAttributeValue> attributes) {
        String url = queue();
        SendMessageResponse sent = send(url, attributes);
        Message message = receiveOne(url);
        assertThat(message.messageAttributes()).isEqualTo(attributes);
        assertThat(message.md5OfMessageAttributes()).isEqualTo(sent.md5OfMessageAttributes());
    }

    @Test
    void textNumbersAndBytesComeBack() {
        assertComeBack(Map.of(
                "text", MessageAttributes.string("välue \u2603"),
                "number", MessageAttributes.number("1614717034367"),
                "bytes", MessageAttributes.binary("Binary", (byte) 0, (byte) -1, (byte) 0x1e)));
    }

    @Test
    void customTypesComeBackInFull() {
        assertComeBack(Map.of(
                "int", MessageAttributes.text("Number.int", "42"),
                "path", MessageAttributes.text("String.path/to", "a/b"),
                "png", MessageAttributes.binary("Binary.png", (byte) 0x89, (byte) 'P'),
                "exact", MessageAttributes.text("Number", "-0001.50e+3")));
    }

    @Test
    void digestsAreThoseOfAws() {
        String url = queue();
        byte[] bytes = "traceparent\u001e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(send(url, Map.of("attr1", MessageAttributes.binary("Binary", bytes)))
                        .md5OfMessageAttributes())
                .isEqualTo("8cbe4db156db8a94db8b801b7addb984");
        assertThat(send(url, Map.of("Foo", MessageAttributes.string("Bar"))).md5OfMessageAttributes())
                .isEqualTo("ae7155c6026991b6d54b11589678bf9c");
    }

    @Test
    void theTraceHeaderHasADigestOfItsOwn() {
        String url = queue();
        Map<String, MessageAttributeValue> timestamp = Map.of("timestamp", MessageAttributes.number("1493147359900"));
        SendMessageResponse without = send(url, timestamp);
        SendMessageResponse with = sqs.sendMessage(request -> request.queueUrl(url)
                .messageBody("test")
                .messageAttributes(timestamp)
                .messageSystemAttributes(Map.of(
                        MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                        MessageSystemAttributeValue.builder()
                                .dataType("String")
                                .stringValue(TRACE)
                                .build())));
        assertThat(with.md5OfMessageAttributes()).isEqualTo(without.md5OfMessageAttributes());
        assertThat(without.md5OfMessageSystemAttributes()).isNull();
        assertThat(with.md5OfMessageSystemAttributes()).isEqualTo("5ae4d5d7636402d80f4eb6d213245a88");
        assertThat(attribute(receiveOne(url), MessageSystemAttributeName.AWS_TRACE_HEADER))
                .isNull();
        assertThat(attribute(receiveOne(url), MessageSystemAttributeName.AWS_TRACE_HEADER))
                .isEqualTo(TRACE);
    }

    @Test
    void attributesStayWhenAMessageIsReceivedAgain() {
        String url = queue();
        Map<String, MessageAttributeValue> attributes = Map.of("attr1", MessageAttributes.string("test1"));
        send(url, attributes);
        for (int i = 0; i < 2; i++) {
            assertThat(receiveOne(url, request -> request.visibilityTimeout(0)).messageAttributes())
                    .isEqualTo(attributes);
        }
    }

    @Test
    void onlyTheAttributesAskedForAreReturnedAndDigested() {
        String url = queue("VisibilityTimeout", "0");
        String all = send(
                        url,
                        Map.of(
                                "Help.Me", MessageAttributes.string("Me"),
                                "Hello", MessageAttributes.string("There"),
                                "General", MessageAttributes.string("Kenobi")))
                .md5OfMessageAttributes();
        assertThat(all).isEqualTo("4c360f3fdafd970e05fae2f149d997f5");
        assertSelected(url, null);
        assertSelected(url, all, "All");
        assertSelected(url, all, "*");
        assertSelected(url, all, ".*");
        assertSelected(url, null, "Foo", "Help");
        assertSelected(url, "fca026605781cb4126a1e9044df24232", "Hello", "General");
        assertSelected(url, "a311262e065454b75da111d535b8dacd", "Foo", "Hello");
        assertSelected(url, "83fee93c1bcd8b9a5a923ffacdc636c7", "Hel.*");
        assertSelected(url, null, "AWS.");
        assertSelected(url, null, "..foo");
    }

    private void assertSelected(String url, @Nullable String digest, String... names) {
        Message message = sqs.receiveMessage(request ->
                        request.queueUrl(url).messageAttributeNames(names).waitTimeSeconds(20))
                .messages()
                .get(0);
        assertThat(message.md5OfMessageAttributes())
                .as("with %s", (Object) names)
                .isEqualTo(digest);
        assertThat(message.messageAttributes().isEmpty()).isEqualTo(digest == null);
    }

    @Test
    @SuppressWarnings("deprecation") // as older programs ask
    void systemAttributesAreReturnedAsAskedByEitherName() {
        String url = queue("VisibilityTimeout", "0");
        send(url, "msg");
        assertThat(sqs.receiveMessage(request -> request.queueUrl(url).waitTimeSeconds(20))
                        .messages()
                        .get(0)
                        .attributes())
                .isEmpty();
        assertThat(sqs.receiveMessage(request -> request.queueUrl(url)
                                .waitTimeSeconds(20)
                                .attributeNamesWithStrings("SenderId", "SequenceNumber"))
                        .messages()
                        .get(0)
                        .attributes())
                .containsOnlyKeys(MessageSystemAttributeName.SENDER_ID);
        assertThat(sqs.receiveMessage(request -> request.queueUrl(url)
                                .waitTimeSeconds(20)
                                .messageSystemAttributeNames(MessageSystemAttributeName.SENT_TIMESTAMP))
                        .messages()
                        .get(0)
                        .attributes())
                .containsOnlyKeys(MessageSystemAttributeName.SENT_TIMESTAMP);
        assertThat(sqs.receiveMessage(request ->
                                request.queueUrl(url).waitTimeSeconds(20).attributeNamesWithStrings("All"))
                        .messages()
                        .get(0)
                        .attributes())
                .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aWs.-invalid",
                "AMAZON.-invalid",
                ".-invalid",
                "ends.",
                "two..dots",
                "in!valid",
                "in\"valid",
                "in§valid",
                "in(valid",
                "in?valid",
                "in valid"
            })
    void aBadAttributeNameIsRefused(String name) {
        String url = queue();
        assertRefused("InvalidParameterValue", () -> send(url, Map.of(name, MessageAttributes.string("valid"))));
    }

    @Test
    void aNameIsShorterThan256Characters() {
        String url = queue();
        send(url, Map.of("L".repeat(255), MessageAttributes.string("valid")));
        assertRefused(
                "InvalidParameterValue", () -> send(url, Map.of("L".repeat(257), MessageAttributes.string("valid"))));
    }

    @Test
    void badValuesAndTypesAreRefused() {
        String url = queue();
        SqsException refusal = assertRefused(
                "InvalidParameterValue", () -> send(url, Map.of("ErrorDetails", MessageAttributes.string(""))));
        assertThat(message(refusal))
                .isEqualTo("Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.");
        for (MessageAttributeValue bad : new MessageAttributeValue[] {
            MessageAttributes.string("Invalid-\b,\u000b"),
            MessageAttributes.text("Invalid", "x"),
            MessageAttributes.text("string", "x"),
            MessageAttributes.text("Number." + "L".repeat(256), "1"),
            MessageAttributes.number("no number"),
            MessageAttributes.text("Binary", "x"),
            MessageAttributes.binary("String", (byte) 1),
            MessageAttributes.binary("Binary"),
            MessageAttributeValue.builder().stringValue("no type").build(),
        }) {
            assertThat(refused(() -> send(url, Map.of("name", bad)))
                            .awsErrorDetails()
                            .errorCode())
                    .as("%s", bad)
                    .isIn("InvalidParameterValue", "MissingParameter");
        }
        assertThat(receive(url)).isEmpty();
    }

    @Test
    void tenAttributesAreTheMost() {
        String url = queue();
        Map<String, MessageAttributeValue> attributes = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            attributes.put("name" + i, MessageAttributes.string("v"));
        }
        send(url, attributes);
        attributes.put("eleventh", MessageAttributes.string("v"));
        assertRefused("InvalidParameterValue", () -> send(url, attributes));
    }
}
