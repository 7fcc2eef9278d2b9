/** {@code pabal publish} and {@code pabal get}: messages into exchanges and out of queues. */
@org.jspecify.annotations.NullMarked
package dev.pabal.cli.message;
