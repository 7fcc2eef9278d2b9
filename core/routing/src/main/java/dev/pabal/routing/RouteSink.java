package dev.pabal.routing;

/** Sees each destination of a message, each at most once. */
public interface RouteSink {
    /** A queue of the same virtual host. */
    void queue(String name);

    /** A topic; its partition is chosen by the routing key. */
    void topic(String name);

    /** A delayed exchange holds the message back: every destination shown gets it {@code delayMs} from now. Comes before the destinations. */
    default void delay(long delayMs) {}
}
