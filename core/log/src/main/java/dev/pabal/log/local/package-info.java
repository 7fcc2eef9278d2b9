/** The local store: what is appended goes to the journal, stays in memory as the tail, and moves on to segments. */
@org.jspecify.annotations.NullMarked
package dev.pabal.log.local;
