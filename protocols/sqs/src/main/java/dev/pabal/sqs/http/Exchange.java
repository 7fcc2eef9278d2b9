package dev.pabal.sqs.http;

import dev.pabal.sqs.action.Reply;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One request between its last byte and its reply. Completed on any thread; all else on the connection's. */
final class Exchange implements BiConsumer<@Nullable Reply, @Nullable Throwable>, Runnable {
    private final SqsConnection connection;
    private final EventLoop loop;
    private final Form form;
    private final String requestId;
    private final boolean keepAlive;
    private String action = "";
    private @Nullable Reply reply;
    private @Nullable Throwable failure;

    Exchange(SqsConnection connection, EventLoop loop, Form form, String requestId, boolean keepAlive) {
        this.connection = connection;
        this.loop = loop;
        this.form = form;
        this.requestId = requestId;
        this.keepAlive = keepAlive;
    }

    Form form() {
        return form;
    }

    String requestId() {
        return requestId;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    /** The action's name, empty before it is known. */
    String action() {
        return action;
    }

    void action(String name) {
        action = name;
    }

    /** Null where {@link #failure} is not. */
    @Nullable
    Reply reply() {
        return reply;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    public void accept(@Nullable Reply completedWith, @Nullable Throwable failedWith) {
        reply = completedWith;
        failure = failedWith;
        if (loop.inEventLoop()) {
            run();
            return;
        }
        try {
            loop.execute(this);
        } catch (RejectedExecutionException e) {
            drop(); // the broker stops: nobody is there to write to
        }
    }

    @Override
    public void run() {
        connection.answer(this);
    }

    /** Gives the reply's memory back. */
    void drop() {
        if (reply != null) {
            reply.close();
        }
    }
}
