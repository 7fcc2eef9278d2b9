/** Handlers that carry records: produce, fetch, offsets by time, metadata. */
@org.jspecify.annotations.NullMarked
package dev.pabal.kafka.data;
