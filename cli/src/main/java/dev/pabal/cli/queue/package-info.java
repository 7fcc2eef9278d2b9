/** {@code pabal queue}: creates, lists, describes, deletes, purges queues, looks into them and moves their messages. */
@org.jspecify.annotations.NullMarked
package dev.pabal.cli.queue;
