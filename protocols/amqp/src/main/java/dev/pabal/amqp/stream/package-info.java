/** Streams over AMQP: topics read by position, where an acknowledgement only gives credit back. */
@NullMarked
package dev.pabal.amqp.stream;

import org.jspecify.annotations.NullMarked;
