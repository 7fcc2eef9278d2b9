/** Bytes to requests and responses to bytes: framing, limits, ordering, on Netty. */
@org.jspecify.annotations.NullMarked
package dev.pabal.kafka.wire;
