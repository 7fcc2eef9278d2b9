/** {@code pabal topic}: creates, lists, describes, alters and deletes topics. */
@org.jspecify.annotations.NullMarked
package dev.pabal.cli.topic;
