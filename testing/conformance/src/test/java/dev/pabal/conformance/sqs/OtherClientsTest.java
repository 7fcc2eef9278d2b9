package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pabal.conformance.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that share no code with AWS's Java SDK: its JavaScript SDK, Debian's boto3 and Debian's aws, of which the last two speak Query. */
class OtherClientsTest extends SqsTest {
    private static final Path NODE = Path.of("src/test/node");
    private static final Path PYTHON = Path.of("src/test/python");
    private static final String INTERPRETER = "/usr/bin/python3";
    private static final String AWS = "/usr/bin/aws";

    OtherClientsTest(SqsUnderTest broker) {
        super(broker);
    }

    @Test
    void awsSdkForJavaScript() {
        Programs.require("node", "apt-get install nodejs npm");
        if (!Files.isDirectory(NODE.resolve("node_modules/@aws-sdk/client-sqs"))) {
            Programs.skip("@aws-sdk/client-sqs is not installed (npm ci in testing/conformance/" + NODE + ")");
        }
        List<String> command = List.of("node", NODE.resolve("sqs.js").toString(), broker.endpoint(), unique("js"));
        assertThat(Programs.run("", command).ok())
                .contains("OK standard", "OK batches", "OK fifo", "OK waiting", "OK errors", "OK delete");
    }

    @Test
    void boto3() {
        if (!Files.isExecutable(Path.of(INTERPRETER))
                || Programs.run("", List.of(INTERPRETER, "-c", "import boto3")).exitCode() != 0) {
            Programs.skip("boto3 is not installed (apt-get install python3-boto3)");
        }
        List<String> command =
                List.of(INTERPRETER, PYTHON.resolve("boto3_client.py").toString(), broker.endpoint(), unique("boto3"));
        assertThat(Programs.run("", command).ok())
                .contains("OK standard", "OK batches", "OK fifo", "OK waiting", "OK errors", "OK queues");
    }

    @Test
    void awsCommandLine() throws JsonProcessingException {
        if (!Files.isExecutable(Path.of(AWS))) {
            Programs.skip("aws is not installed (apt-get install awscli)");
        }
        String name = unique("awscli");
        String url = aws("create-queue", "--queue-name", name, "--attributes", "VisibilityTimeout=7")
                .path("QueueUrl")
                .asText();
        assertThat(url).endsWith("/" + name);
        String id = aws("send-message", "--queue-url", url, "--message-body", "from a shell")
                .path("MessageId")
                .asText();
        JsonNode message = aws("receive-message", "--queue-url", url, "--wait-time-seconds", "20")
                .path("Messages")
                .get(0);
        assertThat(message.path("Body").asText()).isEqualTo("from a shell");
        assertThat(message.path("MessageId").asText()).isEqualTo(id);
        aws(
                "delete-message",
                "--queue-url",
                url,
                "--receipt-handle",
                message.path("ReceiptHandle").asText());
        JsonNode attributes = aws("get-queue-attributes", "--queue-url", url, "--attribute-names", "All")
                .path("Attributes");
        assertThat(attributes.path("VisibilityTimeout").asText()).isEqualTo("7");
        assertThat(attributes.path("ApproximateNumberOfMessagesNotVisible").asText())
                .isEqualTo("0");
        aws("delete-queue", "--queue-url", url);
        assertThat(run("get-queue-url", "--queue-name", name).output()).contains("NonExistentQueue");
    }

    private JsonNode aws(String... arguments) throws JsonProcessingException {
        String output = run(arguments).ok();
        return new ObjectMapper().readTree(output.isBlank() ? "{}" : output);
    }

    private Programs.Result run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/env",
                "AWS_ACCESS_KEY_ID=test",
                "AWS_SECRET_ACCESS_KEY=test",
                "AWS_CONFIG_FILE=/dev/null",
                "AWS_EC2_METADATA_DISABLED=true",
                "AWS_PAGER=",
                "AWS_MAX_ATTEMPTS=1"));
        command.addAll(List.of(
                AWS, "--endpoint-url", broker.endpoint(), "--region", SqsUnderTest.REGION, "--output", "json", "sqs"));
        command.addAll(List.of(arguments));
        return Programs.run("", command);
    }
}
