/** One handler for each of SQS's actions, behind both wire protocols. */
@NullMarked
package dev.pabal.sqs.action;

import org.jspecify.annotations.NullMarked;
