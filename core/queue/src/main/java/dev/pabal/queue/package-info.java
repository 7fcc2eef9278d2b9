/** Which messages of a log are waiting, in flight, delayed or settled: pure state machines without I/O, clock, threads or random. */
@NullMarked
package dev.pabal.queue;

import org.jspecify.annotations.NullMarked;
