/** Messaging patterns, each a page, with the official clients of RabbitMQ and Kafka; {@code docs/patterns.md} walks through them. */
@org.jspecify.annotations.NullMarked
package dev.pabal.examples;
