/** Who is connected: what the protocols tell of their connections, for people and tools, and the warnings that clients can cause. */
@NullMarked
package dev.pabal.broker.client;

import org.jspecify.annotations.NullMarked;
