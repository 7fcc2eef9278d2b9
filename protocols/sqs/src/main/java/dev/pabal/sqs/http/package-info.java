/** The HTTP listener: connections, bounded bodies, and the way from a request to its action and back. */
@NullMarked
package dev.pabal.sqs.http;

import org.jspecify.annotations.NullMarked;
