/** What an SQS queue is here: its attributes as a queue's arguments, names, receipts, digests, move tasks. */
@NullMarked
package dev.pabal.sqs.queue;

import org.jspecify.annotations.NullMarked;
