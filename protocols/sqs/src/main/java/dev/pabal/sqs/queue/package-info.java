/** What an SQS queue is here: its name, its attributes as a queue's arguments, messages on their way in, and receipt handles. */
@NullMarked
package dev.pabal.sqs.queue;

import org.jspecify.annotations.NullMarked;
