package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Query protocol to the letter: form POST and GET, at the root and at a queue's own path, with answers in XML. */
class QueryProtocolTest extends SqsTest {
    private static final String VERSION = "2012-11-05";
    private final Wire wire;

    QueryProtocolTest(SqsUnderTest broker) {
        super(broker);
        this.wire = new Wire(broker);
    }

    private static String ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/xml");
        assertThat(response.body()).contains("<ResponseMetadata><RequestId>");
        return response.body();
    }

    private static void assertError(HttpResponse<String> response, int status, String code, String message) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body())
                .contains("<ErrorResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\">")
                .contains("<Type>Sender</Type>")
                .contains("<Code>" + code + "</Code>")
                .contains("<Message>" + message)
                .contains("<RequestId>");
    }

    private static String between(String text, String start, String end) {
        Matcher matcher = Pattern.compile(Pattern.quote(start) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(text);
        assertThat(matcher.find()).as("%s in %s", start, text).isTrue();
        return matcher.group(1);
    }

    @Test
    void aQueueIsCreatedUsedAndDeletedByForms() {
        String name = unique("form");
        String created = ok(wire.post(
                "Action",
                "CreateQueue",
                "Version",
                VERSION,
                "QueueName",
                name,
                "Attribute.1.Name",
                "VisibilityTimeout",
                "Attribute.1.Value",
                "40",
                "Tag.1.Key",
                "k",
                "Tag.1.Value",
                "v"));
        assertThat(created).contains("<CreateQueueResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\">");
        String url = between(created, "<QueueUrl>", "</QueueUrl>");
        assertThat(url).isEqualTo(broker.endpoint() + "/" + SqsUnderTest.ACCOUNT + "/" + name);
        String sent = ok(wire.postTo(URI.create(url), "Action", "SendMessage", "MessageBody", "a <b> & \"c\" \r\n +%"));
        assertThat(sent).contains("<MD5OfMessageBody>").contains("<MessageId>");
        String received = ok(wire.post("Action", "ReceiveMessage", "QueueUrl", url, "AttributeName.1", "All"));
        assertThat(received)
                .contains("<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>")
                .contains("&lt;b&gt; &amp; ");
        String handle = between(received, "<ReceiptHandle>", "</ReceiptHandle>");
        assertThat(ok(wire.post("Action", "DeleteMessage", "QueueUrl", url, "ReceiptHandle", handle)))
                .contains("<DeleteMessageResponse");
        assertThat(inFlight(url)).isZero();
        assertThat(ok(wire.post("Action", "ListQueueTags", "QueueUrl", url)))
                .contains("<Tag><Key>k</Key><Value>v</Value></Tag>");
        assertThat(ok(wire.get(url, "Action", "DeleteQueue"))).contains("<DeleteQueueResponse");
        assertError(
                wire.get(url, "Action", "GetQueueAttributes", "AttributeName.1", "QueueArn"),
                400,
                "AWS.SimpleQueueService.NonExistentQueue",
                "The specified queue does not exist for this wsdl version");
    }

    @Test
    void attributesAreReadByGet() {
        String url = fifo();
        String all = ok(wire.get(url, "Action", "GetQueueAttributes", "AttributeName.1", "All"));
        assertThat(all)
                .contains("<GetQueueAttributesResponse")
                .contains("<Attribute><Name>QueueArn</Name><Value>arn:aws:sqs:us-east-1:000000000000:" + nameOf(url))
                .contains("<Name>FifoQueue</Name><Value>true</Value>")
                .contains("<Attribute><Name>VisibilityTimeout</Name><Value>30");
        String one = ok(wire.get(url, "Action", "GetQueueAttributes", "AttributeName.1", "QueueArn"));
        assertThat(one).contains("<Name>QueueArn</Name>").doesNotContain("VisibilityTimeout");
        assertError(
                wire.get(url, "Action", "GetQueueAttributes", "AttributeName.1", "Foobar"),
                400,
                "InvalidAttributeName",
                "Unknown Attribute Foobar.</Message>");
    }

    @Test
    void messagesAreSentAndReceivedByGet() {
        String url = queue();
        ok(wire.get(url, "Action", "SendMessage", "MessageBody", "foobar"));
        assertThat(ok(wire.get(queue(), "Action", "ReceiveMessage")).replace(" />", "/>"))
                .contains("<ReceiveMessageResult/>");
        assertThat(ok(wire.get(url, "Action", "ReceiveMessage")))
                .contains("<Body>foobar</Body>")
                .contains("<MD5OfBody>3858f62230ac3c915f300c664312c63f</MD5OfBody>");
    }

    @Test
    void listsAreFlattened() {
        String url = queue();
        String sent = ok(wire.post(
                "Action",
                "SendMessageBatch",
                "QueueUrl",
                url,
                "SendMessageBatchRequestEntry.1.Id",
                "one",
                "SendMessageBatchRequestEntry.1.MessageBody",
                "first",
                "SendMessageBatchRequestEntry.1.MessageAttribute.1.Name",
                "a",
                "SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType",
                "Binary",
                "SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.BinaryValue",
                "AAEC",
                "SendMessageBatchRequestEntry.2.Id",
                "two",
                "SendMessageBatchRequestEntry.2.MessageBody",
                "\u0001"));
        assertThat(sent)
                .contains("<SendMessageBatchResultEntry><Id>one</Id>")
                .contains("<BatchResultErrorEntry>")
                .contains("<Code>InvalidMessageContents</Code>")
                .contains("<SenderFault>true</SenderFault>");
        String received = ok(wire.post(
                "Action",
                "ReceiveMessage",
                "QueueUrl",
                url,
                "MaxNumberOfMessages",
                "10",
                "MessageAttributeName.1",
                "All"));
        assertThat(received)
                .contains("<MessageAttribute><Name>a</Name><Value>")
                .contains("<BinaryValue>AAEC</BinaryValue>")
                .contains("<DataType>Binary</DataType>");
        String handle = between(received, "<ReceiptHandle>", "</ReceiptHandle>");
        assertThat(ok(wire.post(
                        "Action",
                        "DeleteMessageBatch",
                        "QueueUrl",
                        url,
                        "DeleteMessageBatchRequestEntry.1.Id",
                        "gone",
                        "DeleteMessageBatchRequestEntry.1.ReceiptHandle",
                        handle)))
                .contains("<DeleteMessageBatchResultEntry><Id>gone</Id></DeleteMessageBatchResultEntry>");
    }

    @Test
    void theQueueUrlInTheRequestGoesBeforeThePath() {
        String path = queue();
        String parameter = queue();
        String answer = ok(
                wire.get(path, "Action", "GetQueueAttributes", "QueueUrl", parameter, "AttributeName.1", "QueueArn"));
        assertThat(answer).contains(nameOf(parameter)).doesNotContain(nameOf(path));
        assertThat(ok(wire.get(path, "Action", "GetQueueUrl", "QueueName", nameOf(parameter))))
                .contains("<QueueUrl>" + parameter + "</QueueUrl>");
    }

    @Test
    void actionsThatConcernNoQueueAreNotValidAtOne() {
        String url = queue();
        for (List<String> request : List.of(
                List.of("CreateQueue", "The action CreateQueue is not valid for this endpoint."),
                List.of("ListQueues", "The action ListQueues is not valid for this endpoint."),
                List.of("FooBar", "The action FooBar is not valid for this endpoint."))) {
            assertError(
                    wire.get(url, "Action", request.get(0), "QueueName", "x", "Version", VERSION),
                    400,
                    "InvalidAction",
                    request.get(1) + "</Message>");
        }
        assertThat(ok(wire.get(broker.endpoint() + "/", "Action", "ListQueues", "Version", VERSION)))
                .contains("<ListQueuesResponse");
    }

    @Test
    void aParameterThatIsMissing() {
        assertError(
                wire.get(queue(), "Action", "SendMessage"),
                400,
                "MissingParameter",
                "The request must contain the parameter MessageBody.</Message>");
    }

    @Test
    void aGetThatAsksNothing() {
        String url = queue();
        for (String accept : List.of("*/*", "application/json")) {
            HttpResponse<String> response =
                    Wire.send(HttpRequest.newBuilder(URI.create(url)).header("Accept", accept));
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body()).contains("<UnknownOperationException");
        }
    }

    @Test
    void theHostOfTheRequestIsInTheQueueUrl() {
        String name = unique("host");
        create(name, Map.of());
        String localhost = "http://localhost:" + broker.port();
        assertThat(ok(wire.postTo(URI.create(localhost + "/"), "Action", "GetQueueUrl", "QueueName", name)))
                .contains("<QueueUrl>" + localhost + "/" + SqsUnderTest.ACCOUNT + "/" + name + "</QueueUrl>");
    }

    @Test
    void jsonIsSpokenAtAQueuesPathToo() {
        String url = queue();
        HttpResponse<String> response = Wire.send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "AmazonSQS.ReceiveMessage")
                .POST(HttpRequest.BodyPublishers.ofString("{\"QueueUrl\":\"" + url + "\"}")));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).startsWith("{");
    }
}
