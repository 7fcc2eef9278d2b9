/** Consumer groups: Kafka's own group coordinator, hosted on the broker's logs, and the handlers in front of it. */
@org.jspecify.annotations.NullMarked
package dev.pabal.kafka.group;
