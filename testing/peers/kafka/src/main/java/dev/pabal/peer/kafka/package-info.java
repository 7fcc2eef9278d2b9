/** Programs of Kafka's newest complete release that judges start as child processes. */
@org.jspecify.annotations.NullMarked
package dev.pabal.peer.kafka;
