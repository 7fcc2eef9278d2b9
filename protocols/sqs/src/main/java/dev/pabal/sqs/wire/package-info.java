/** Requests and replies in both of SQS's wire protocols (JSON 1.0, and Query with XML), and its errors. */
@NullMarked
package dev.pabal.sqs.wire;

import org.jspecify.annotations.NullMarked;
