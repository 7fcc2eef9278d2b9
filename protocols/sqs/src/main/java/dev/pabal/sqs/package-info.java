/** Amazon SQS: the same queues, spoken to with AWS's SDKs. */
@NullMarked
package dev.pabal.sqs;

import org.jspecify.annotations.NullMarked;
