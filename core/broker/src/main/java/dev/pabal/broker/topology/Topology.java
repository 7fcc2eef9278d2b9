package dev.pabal.broker.topology;

import dev.pabal.catalog.Binding;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Queue;
import dev.pabal.routing.RoutingTable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges, queues and bindings: what RabbitMQ would refuse is refused here, in its words. A {@code BrokerException}'s message is the text
 * that follows the code's name in a close ({@code "no queue 'x' in vhost '/'"}).
 *
 * <p>Any thread; changes go through the catalog and complete once they hold: durable ones when they are on disk, the others at once.
 */
public interface Topology {
    /** The routes of a virtual host as they are now, null where there is no such host. A new table is a new object. */
    @Nullable
    RoutingTable routes(String vhost);

    /**
     * Makes sure that the exchange is there as described.
     *
     * <p>Refusals: PRECONDITION_FAILED where it differs ({@code inequivalent arg ...}), ACCESS_REFUSED for reserved names, COMMAND_INVALID for
     * unknown types.
     */
    CompletableFuture<Exchange> declareExchange(
            String vhost,
            String name,
            String type,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            Map<String, Object> arguments);

    /** Removes an exchange with its bindings; one that is not there is no error. */
    CompletableFuture<Void> deleteExchange(String vhost, String name, boolean ifUnused);

    /**
     * Makes sure that the queue is there as described.
     *
     * @param name empty: the broker chooses one ({@code amq.gen-...})
     * @param connection who asks: becomes the owner of an exclusive queue, and others' exclusive queues are locked (RESOURCE_LOCKED)
     */
    CompletableFuture<Queue> declareQueue(
            String vhost,
            String name,
            boolean durable,
            boolean exclusive,
            boolean autoDelete,
            Map<String, Object> arguments,
            UUID connection);

    /**
     * Replaces the arguments of a stored queue; its settings follow. For protocols whose queues can be changed (RabbitMQ's cannot, by its
     * clients). NOT_FOUND where the queue is not there, PRECONDITION_FAILED where an argument is refused or
     * cannot change while the queue is there.
     *
     * @param change from the arguments as they are to the ones that hold then; may be called more than once
     */
    CompletableFuture<Queue> changeQueue(String vhost, String name, UnaryOperator<Map<String, Object>> change);

    /**
     * Fails with PRECONDITION_FAILED where no queue can be declared with such arguments, whatever is there.
     *
     * @param name for the text
     */
    void checkQueue(String vhost, String name, Map<String, Object> arguments);

    /**
     * Fails with PRECONDITION_FAILED where no exchange can be declared of that type with such arguments, whatever is there.
     *
     * @param name for the text
     */
    void checkExchange(String vhost, String name, String type, Map<String, Object> arguments);

    /**
     * The queue, where this connection may use it.
     *
     * @throws dev.pabal.broker.BrokerException NOT_FOUND, or RESOURCE_LOCKED where it is another connection's
     */
    Queue queue(String vhost, String name, UUID connection);

    /** Removes a queue with its bindings and messages; completes with the number of messages, 0 where it was not there. */
    CompletableFuture<Long> deleteQueue(String vhost, String name, boolean ifUnused, boolean ifEmpty, UUID connection);

    /** Binds; what is bound already stays. NOT_FOUND where source or destination is missing; ACCESS_REFUSED for the default exchange. */
    CompletableFuture<Void> bind(Binding binding, UUID connection);

    CompletableFuture<Void> unbind(Binding binding, UUID connection);

    /**
     * Completes when an auto-delete queue whose last consumer has gone is gone too; at once where the queue is not about to go. Never fails.
     * To be asked once the cancellation has completed.
     */
    CompletableFuture<Void> departure(UUID queueId);

    /** A connection ended: its exclusive queues go. */
    CompletableFuture<Void> connectionClosed(UUID connection);

    /**
     * Whether what is published and delivered in the virtual host is copied to its exchange {@code amq.rabbitmq.trace}. Off at each start,
     * as in RabbitMQ.
     */
    boolean traced(String vhost);

    /** Turns that on or off. */
    void trace(String vhost, boolean on);

    /** Virtual hosts, users, permissions, policies, parameters. */
    Administration administration();

    /** Who may log in and do what. */
    AccessControl accessControl();
}
