/** The Kafka protocol: one handler for each API, and the list of them that is what the broker advertises. */
@org.jspecify.annotations.NullMarked
package dev.pabal.kafka;
