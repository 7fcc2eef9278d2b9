package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Tags, policies and permissions: kept and shown, not enforced. */
class TagPermissionTest extends SqsTest {
    private static final String POLICY =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
                    + "{\"AWS\":\"*\"},\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}]}";

    TagPermissionTest(SqsUnderTest broker) {
        super(broker);
    }

    private Map<String, String> tags(String url) {
        return sqs.listQueueTags(request -> request.queueUrl(url)).tags();
    }

    @Test
    void tagsAreSetReplacedAndRemoved() {
        String url = queue();
        assertThat(tags(url)).isEmpty();
        Map<String, String> three = Map.of("tag1", "value1", "tag2", "value2", "tag3", "");
        sqs.tagQueue(request -> request.queueUrl(url).tags(three));
        assertThat(tags(url)).isEqualTo(three);
        sqs.tagQueue(request -> request.queueUrl(url).tags(Map.of("tag1", "VALUE1", "Tag1", "another")));
        assertThat(tags(url)).isEqualTo(Map.of("tag1", "VALUE1", "Tag1", "another", "tag2", "value2", "tag3", ""));
        sqs.untagQueue(request -> request.queueUrl(url).tagKeys("tag1", "tag3", "never"));
        assertThat(tags(url)).isEqualTo(Map.of("Tag1", "another", "tag2", "value2"));
        sqs.untagQueue(request -> request.queueUrl(url).tagKeys("Tag1", "tag2"));
        assertThat(sqs.listQueueTags(request -> request.queueUrl(url)).hasTags())
                .isFalse();
    }

    @Test
    void aQueueIsCreatedWithTags() {
        String name = unique("tagged");
        String url = sqs.createQueue(request -> request.queueName(name).tags(Map.of("a", "1")))
                .queueUrl();
        assertThat(tags(url)).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void fiftyTagsAreTheMost() {
        String url = queue();
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 51; i++) {
            many.put("tag" + i, "v");
        }
        assertThat(refused(() -> sqs.tagQueue(request -> request.queueUrl(url).tags(many)))
                        .statusCode())
                .isEqualTo(400);
        many.remove("tag50");
        sqs.tagQueue(request -> request.queueUrl(url).tags(many));
        assertThat(tags(url)).hasSize(50);
    }

    @Test
    void aPolicyIsKeptUntilItIsEmptied() {
        String url = queue();
        set(url, "Policy", "");
        assertThat(attributes(url)).doesNotContainKey("Policy");
        set(url, "Policy", POLICY);
        assertThat(attributes(url, "Policy").get("Policy")).contains("sqs:SendMessage");
        set(url, "Policy", "");
        assertThat(attributes(url)).doesNotContainKey("Policy");
    }

    private void addPermission(String url, String label, String... accounts) {
        sqs.addPermission(request ->
                request.queueUrl(url).label(label).awsAccountIds(accounts).actions("ReceiveMessage"));
    }

    private JsonNode policy(String url) {
        try {
            return new ObjectMapper().readTree(attributes(url, "Policy").get("Policy"));
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON", e);
        }
    }

    @Test
    void permissionsAreStatementsOfThePolicy() {
        String url = queue();
        addPermission(url, "label-1", "111111111111");
        JsonNode policy = policy(url);
        assertThat(policy.path("Version").asText()).isEqualTo("2008-10-17");
        assertThat(policy.path("Id").asText()).startsWith(arn(url) + "/");
        assertThat(policy.path("Statement")).hasSize(1);
        JsonNode statement = policy.path("Statement").get(0);
        assertThat(statement.path("Sid").asText()).isEqualTo("label-1");
        assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
        assertThat(statement.path("Principal").path("AWS").asText()).isEqualTo("arn:aws:iam::111111111111:root");
        assertThat(statement.path("Action").asText()).isEqualTo("SQS:ReceiveMessage");
        assertThat(statement.path("Resource").asText()).isEqualTo(arn(url));
        addPermission(url, "label-2", "111111111111", "668614515564");
        assertThat(policy(url).path("Statement")).hasSize(2);
        assertThat(policy(url).path("Statement").get(1).path("Principal").path("AWS"))
                .hasSize(2);
        remove(url, "label-1");
        assertThat(policy(url).path("Statement")).hasSize(1);
        remove(url, "label-2");
        assertThat(attributes(url, "Policy")).isEmpty();
    }

    private void remove(String url, String label) {
        sqs.removePermission(request -> request.queueUrl(url).label(label));
    }

    @Test
    void labelsAreUniqueAndMustBeThereToBeRemoved() {
        String url = queue();
        addPermission(url, "once", "111111111111");
        SqsException twice = assertRefused("InvalidParameterValue", () -> addPermission(url, "once", "668614515564"));
        assertThat(message(twice)).isEqualTo("Value once for parameter Label is invalid. Reason: Already exists.");
        SqsException never = assertRefused("InvalidParameterValue", () -> remove(url, "never"));
        assertThat(message(never)).isEqualTo("Value never for parameter Label is invalid. Reason: can't find label.");
    }
}
