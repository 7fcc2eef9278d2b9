package dev.pabal.sqs.http;

import dev.pabal.sqs.action.Reply;
import dev.pabal.sqs.wire.JsonReplyWriter;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import dev.pabal.sqs.wire.XmlReplyWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Whole responses, each in one buffer. Called on event loops. */
final class Responses {
    private static final int SMALL_BYTES = 512;

    private final HttpDate date = new HttpDate();

    /** A reply in the request's form. What {@code reply} throws, this throws. */
    ByteBuf reply(Form form, String action, String requestId, Reply reply, long wallMs, boolean keepAlive) {
        ByteBuf out = buffer(reply.estimatedBytes());
        try {
            if (form == Form.QUERY) {
                XmlReplyWriter writer = new XmlReplyWriter(out, action, reply != Reply.EMPTY);
                reply.write(writer);
                writer.finish(requestId);
            } else if (reply != Reply.EMPTY) {
                JsonReplyWriter writer = Scratch.get().json();
                writer.begin(out);
                reply.write(writer);
                writer.finish();
            }
            head("200 OK", form.contentType(), requestId, wallMs, keepAlive).finish(out);
            return out;
        } catch (RuntimeException | Error e) {
            out.release();
            throw e;
        }
    }

    /** An error in the request's form. */
    ByteBuf error(Form form, String requestId, SqsException failure, long wallMs, boolean keepAlive) {
        SqsError error = failure.error();
        ByteBuf out = buffer(SMALL_BYTES);
        String message = failure.getMessage();
        if (form == Form.JSON) {
            JsonReplyWriter.error(out, error, message);
        } else {
            XmlReplyWriter.error(out, error, inQueryWords(error, message), requestId);
        }
        ResponseHead head = head(status(error.status()), form.contentType(), requestId, wallMs, keepAlive);
        if (form == Form.JSON) {
            head.header("x-amzn-query-error", error.code() + ";" + error.fault());
        }
        head.finish(out);
        return out;
    }

    /** The answer to what is not even a request of SQS: a status, and the XML element that AWS's front end sends, if any. */
    ByteBuf plain(int status, String element, String requestId, long wallMs, boolean keepAlive) {
        ByteBuf out = buffer(SMALL_BYTES);
        if (!element.isEmpty()) {
            ByteBufUtil.writeAscii(out, "<" + element + "/>\n");
        }
        ResponseHead head = head(status(status), Form.QUERY.contentType(), requestId, wallMs, keepAlive);
        if (status == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
            head.header("Allow", "GET, POST");
        }
        head.finish(out);
        return out;
    }

    private ResponseHead head(String status, String contentType, String requestId, long wallMs, boolean keepAlive) {
        ResponseHead head = Scratch.get()
                .head()
                .begin(status)
                .header("x-amzn-RequestId", requestId)
                .header("Content-Type", contentType)
                .header("Date", date.at(wallMs));
        return keepAlive ? head : head.header("Connection", "close");
    }

    private static ByteBuf buffer(int bodyBytes) {
        return PooledByteBufAllocator.DEFAULT
                .directBuffer(ResponseHead.MAX_BYTES + bodyBytes)
                .setIndex(ResponseHead.MAX_BYTES, ResponseHead.MAX_BYTES);
    }

    private static String status(int status) {
        return HttpResponseStatus.valueOf(status).toString();
    }

    /** Query clients and the tools around them know this sentence with its old ending. */
    private static String inQueryWords(SqsError error, String message) {
        return error == SqsError.QUEUE_DOES_NOT_EXIST && message.equals("The specified queue does not exist.")
                ? "The specified queue does not exist for this wsdl version."
                : message;
    }
}
