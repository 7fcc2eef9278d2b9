package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AWS JSON 1.0 to the letter: bodies, error types, and the header by which SDKs find the code of the older protocol. */
class JsonProtocolTest extends SqsTest {
    private final Wire wire;

    JsonProtocolTest(SqsUnderTest broker) {
        super(broker);
        this.wire = new Wire(broker);
    }

    private static void assertError(HttpResponse<String> response, int status, String type, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(Wire.type(response)).isEqualTo(type);
        assertThat(response.headers().firstValue("x-amzn-query-error")).hasValue(code + ";Sender");
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("application/x-amz-json-1.0");
        assertThat(Wire.tree(response).path("message").asText()).isNotEmpty();
    }

    @Test
    void aMessageGoesThereAndBack() {
        String url = queue();
        HttpResponse<String> sent = wire.json(
                "AmazonSQS.SendMessage",
                "{\"QueueUrl\":\"" + url + "\",\"MessageBody\":\"a \\u00fc \\\"quote\\\" \\/\"}");
        assertThat(sent.statusCode()).isEqualTo(200);
        assertThat(sent.headers().firstValue("x-amzn-requestid")).isPresent();
        assertThat(Wire.tree(sent).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("MD5OfMessageBody", "MessageId");
        HttpResponse<String> received = wire.json(
                "AmazonSQS.ReceiveMessage",
                "{\"QueueUrl\":\"" + url + "\",\"AttributeNames\":[\"ApproximateReceiveCount\"]}");
        JsonNode message = Wire.tree(received).path("Messages").get(0);
        assertThat(message.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("Attributes", "Body", "MD5OfBody", "MessageId", "ReceiptHandle");
        assertThat(message.path("Body").asText()).isEqualTo("a ü \"quote\" /");
        assertThat(message.path("Attributes").path("ApproximateReceiveCount").asText())
                .isEqualTo("1");
        assertThat(Wire.tree(wire.json("AmazonSQS.ReceiveMessage", "{\"QueueUrl\":\"" + url + "\"}"))
                        .has("Messages"))
                .as("nothing there, nothing said")
                .isFalse();
    }

    @Test
    void membersThatAreNotKnownAreIgnored() {
        String url = queue();
        HttpResponse<String> sent = wire.json(
                "AmazonSQS.SendMessage",
                "{\"New\":{\"a\":[1,{\"b\":null}]},\"QueueUrl\":\"" + url
                        + "\",\"MessageBody\":\"x\",\"DelaySeconds\":null}");
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
    }

    @Test
    void anUnknownQueue() {
        HttpResponse<String> response =
                wire.json("AmazonSQS.GetQueueUrl", "{\"QueueName\":\"" + unique("nowhere") + "\"}");
        assertError(response, 400, "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue");
        assertThat(Wire.tree(response).path("message").asText()).isEqualTo("The specified queue does not exist.");
    }

    @ParameterizedTest
    @CsvSource({
        "SendMessage,{},MissingRequiredParameterException,MissingParameter",
        "CreateQueue,'{\"QueueName\":\"not a name\"}',InvalidParameterValueException,InvalidParameterValue",
        "GetQueueAttributes,'{\"QueueUrl\":\"URL\",\"AttributeNames\":[\"x\"]}',InvalidAttributeName,InvalidAttributeName",
        "SendMessage,'{\"QueueUrl\":\"URL\",\"MessageBody\":\"\\u0001\"}',InvalidMessageContents,InvalidMessageContents",
        "DeleteMessage,'{\"QueueUrl\":\"URL\",\"ReceiptHandle\":\"x\"}',ReceiptHandleIsInvalid,ReceiptHandleIsInvalid",
        "SendMessageBatch,'{\"QueueUrl\":\"URL\",\"Entries\":[]}',EmptyBatchRequest,AWS.SimpleQueueService.EmptyBatchRequest",
    })
    void typesAndCodesAreThoseOfAws(String action, String body, String type, String code) {
        assertError(wire.json("AmazonSQS." + action, body.replace("URL", queue())), 400, type, code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AmazonSQS.FooBar", "AmazonSQS.", "", "Kinesis.PutRecord", "SendMessage"})
    void anUnknownAction(String target) {
        HttpResponse<String> response = wire.json(target, "{}");
        assertThat(response.statusCode()).isBetween(400, 404);
        assertThat(Wire.type(response)).isIn("UnknownOperationException", "InvalidAction", "MissingAction");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "[]",
                "{",
                "{\"QueueName\":}",
                "{\"QueueName\":1}",
                "{\"QueueName\":{}}",
                "{\"QueueName\":\"a\"} more",
                "{\"QueueName\":\"\\ud800\"}"
            })
    void malformedBodies(String body) {
        HttpResponse<String> response = wire.json("AmazonSQS.GetQueueUrl", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(Wire.tree(response).path("__type").asText()).isNotEmpty();
        assertThat(wire.json("AmazonSQS.ListQueues", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void nestingIsBounded() {
        String deep = "[".repeat(100_000);
        HttpResponse<String> response = wire.json("AmazonSQS.ListQueues", "{\"x\":" + deep);
        assertThat(response.statusCode()).isEqualTo(400);
    }
}
