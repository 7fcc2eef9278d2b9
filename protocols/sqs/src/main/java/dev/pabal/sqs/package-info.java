/**
 * Amazon SQS: the same queues, spoken to with AWS's SDKs.
 *
 * <p>A request comes in by {@code http}; {@code auth} says who asks and in which {@code realm}, {@code wire} reads its parameters, one class of {@code action} carries it
 * out, with {@code queue} for what SQS means by a queue and {@code move} for dead letters on their way back; the reply is written by
 * {@code wire}, straight into the response.
 */
@NullMarked
package dev.pabal.sqs;

import org.jspecify.annotations.NullMarked;
