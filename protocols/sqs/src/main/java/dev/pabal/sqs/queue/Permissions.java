package dev.pabal.sqs.queue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Permissions as statements of a queue's policy, written as SQS writes them. They are kept and shown; nobody is refused by them: whoever has a
 * key may do everything. Pure.
 */
public final class Permissions {
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final int MOST_ACTIONS = 7;
    private static final int MOST_STATEMENTS = 20;

    private static final Set<String> GRANTABLE = Set.of(
            "*",
            "CancelMessageMoveTask",
            "ChangeMessageVisibility",
            "ChangeMessageVisibilityBatch",
            "DeleteMessage",
            "DeleteMessageBatch",
            "GetQueueAttributes",
            "GetQueueUrl",
            "ListDeadLetterSourceQueues",
            "ListMessageMoveTasks",
            "PurgeQueue",
            "ReceiveMessage",
            "SendMessage",
            "SendMessageBatch",
            "StartMessageMoveTask");

    private static final Set<String> OWNERS = Set.of(
            "AddPermission",
            "CreateQueue",
            "DeleteQueue",
            "ListQueues",
            "ListQueueTags",
            "RemovePermission",
            "SetQueueAttributes",
            "TagQueue",
            "UntagQueue");

    private Permissions() {}

    /** Checks a label. Fails with {@link SqsError#INVALID_PARAMETER_VALUE}. */
    public static void checkLabel(String label) {
        if (!LABEL.matcher(label).matches()) {
            throw SqsException.invalid(
                    label,
                    "Label",
                    "Label can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.");
        }
    }

    /** Checks whom something is allowed, and what. */
    public static void check(List<String> accounts, List<String> actions) {
        if (accounts.isEmpty()) {
            throw SqsException.missing("AWSAccountIds");
        }
        if (actions.isEmpty()) {
            throw SqsException.missing("Actions");
        }
        for (String account : accounts) {
            if (!ACCOUNT.matcher(account).matches()) {
                throw SqsException.invalid(account, "PrincipalId", "Unable to verify.");
            }
        }
        for (String action : actions) {
            if (OWNERS.contains(action)) {
                throw SqsException.invalid(
                        "SQS:" + action, "ActionName", "Only the queue owner is allowed to invoke this action.");
            }
            if (!GRANTABLE.contains(action)) {
                throw SqsException.invalid(
                        "SQS:" + action,
                        "ActionName",
                        "Please refer to the appropriate WSDL for a list of valid actions. ");
            }
        }
        if (actions.size() > MOST_ACTIONS) {
            throw new SqsException(
                    SqsError.OVER_LIMIT,
                    actions.size() + " Actions were found, maximum allowed is " + MOST_ACTIONS + ".");
        }
    }

    /**
     * The policy with one more statement.
     *
     * @param policy as it is, null where there is none
     * @param arn the queue
     */
    public static String add(
            @Nullable String policy, String arn, String label, List<String> accounts, List<String> actions) {
        ObjectNode document = document(policy, arn);
        ArrayNode statements = document.withArray("Statement");
        for (JsonNode statement : statements) {
            if (label.equals(statement.path("Sid").asText())) {
                throw SqsException.invalid(label, "Label", "Already exists.");
            }
        }
        if (statements.size() >= MOST_STATEMENTS) {
            throw new SqsException(
                    SqsError.OVER_LIMIT,
                    statements.size() + 1 + " Statements were found, maximum allowed is " + MOST_STATEMENTS + ".");
        }
        String partition = arn.substring(0, arn.indexOf(':', "arn:".length()));
        ObjectNode statement = statements.addObject();
        statement.put("Sid", label).put("Effect", "Allow");
        put(statement.putObject("Principal"), "AWS", accounts, account -> partition + ":iam::" + account + ":root");
        put(statement, "Action", actions, action -> "SQS:" + action);
        statement.put("Resource", arn);
        String text = Documents.text(document);
        if (text.length() > QueueAttribute.MAX_LENGTH) {
            throw new SqsException(
                    SqsError.OVER_LIMIT,
                    "The policy would have more than " + QueueAttribute.MAX_LENGTH + " characters.");
        }
        return text;
    }

    private static ObjectNode document(@Nullable String policy, String arn) {
        ObjectNode document = policy == null ? null : Documents.object(policy);
        if (document == null) {
            document = Documents.newObject();
            document.put("Version", "2008-10-17").put("Id", arn + "/SQSDefaultPolicy");
        }
        if (!document.path("Statement").isArray()) {
            JsonNode only = document.get("Statement");
            ArrayNode statements = document.putArray("Statement");
            if (only != null) {
                statements.add(only);
            }
        }
        return document;
    }

    /** One is written as a text, several as a list: so does SQS. */
    private static void put(ObjectNode to, String name, List<String> texts, UnaryOperator<String> form) {
        if (texts.size() == 1) {
            to.put(name, form.apply(texts.get(0)));
            return;
        }
        ArrayNode list = to.putArray(name);
        texts.forEach(text -> list.add(form.apply(text)));
    }

    /** The policy without the statement of that label; empty where none is left. */
    public static String remove(@Nullable String policy, String arn, String label) {
        ObjectNode document = document(policy, arn);
        ArrayNode statements = document.withArray("Statement");
        for (int i = 0; i < statements.size(); i++) {
            if (label.equals(statements.get(i).path("Sid").asText())) {
                statements.remove(i);
                return statements.isEmpty() ? "" : Documents.text(document);
            }
        }
        throw SqsException.invalid(label, "Label", "can't find label.");
    }
}
