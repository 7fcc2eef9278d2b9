package dev.pabal.sqs.http;

import dev.pabal.sqs.wire.FormReader;
import dev.pabal.sqs.wire.JsonReader;
import dev.pabal.sqs.wire.Parameters;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request taken apart.
 *
 * @param action the action's name, null where the request names none
 * @param queuePath the path where it is more than {@code /}, otherwise empty
 */
record SqsRequest(@Nullable String action, Parameters parameters, String queuePath) {
    private static final AsciiString TARGET = AsciiString.cached("x-amz-target");
    private static final String TARGET_PREFIX = "AmazonSQS.";
    private static final String JSON_TYPE = "application/x-amz-json";

    private static final Set<String> NOT_AT_A_QUEUE = Set.of("CreateQueue", "ListQueues");

    static Form form(HttpRequest head) {
        if (head.headers().contains(TARGET)) {
            return Form.JSON;
        }
        String type = head.headers().get(HttpHeaderNames.CONTENT_TYPE);
        return head.method().equals(HttpMethod.POST) && type != null && type.startsWith(JSON_TYPE)
                ? Form.JSON
                : Form.QUERY;
    }

    /** @throws SqsException where the parameters cannot be read, or the form is {@link Form#JSON} and no action is named */
    static SqsRequest parse(HttpRequest head, Form form, byte[] body, int at, int length) {
        String uri = head.uri();
        String path = path(uri);
        String queuePath = path.length() > 1 ? path : "";
        if (form == Form.JSON) {
            return new SqsRequest(target(head), JsonReader.read(body, at, length), queuePath);
        }
        int query = uri.indexOf('?');
        FormReader reader = new FormReader();
        if (query >= 0) {
            reader.read(uri.substring(query + 1));
        }
        reader.read(body, at, length);
        String action = reader.value("Action");
        return new SqsRequest(action.isEmpty() ? null : action, reader.parameters(), queuePath);
    }

    /** Query clients that ask at a queue's own address cannot make or list queues there. */
    boolean validAtItsPath(Form form) {
        return form == Form.JSON || queuePath.isEmpty() || !NOT_AT_A_QUEUE.contains(String.valueOf(action));
    }

    private static String target(HttpRequest head) {
        String target = head.headers().get(TARGET);
        if (target == null || !target.startsWith(TARGET_PREFIX)) {
            throw new SqsException(
                    SqsError.UNKNOWN_OPERATION,
                    "The header X-Amz-Target names no action of SQS; it should read AmazonSQS.<Action>.");
        }
        return target.substring(TARGET_PREFIX.length());
    }

    /** The path of a request's target, which may be a whole URL (RFC 9112, section 3.2.2). */
    private static String path(String uri) {
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        if (path.startsWith("/")) {
            return path;
        }
        int authority = path.indexOf("://");
        int slash = authority < 0 ? -1 : path.indexOf('/', authority + 3);
        return slash < 0 ? "/" : path.substring(slash);
    }
}
