/** A program on kafka-clients 2.8 that judges start as a child process. */
@org.jspecify.annotations.NullMarked
package dev.pabal.peer.old;
