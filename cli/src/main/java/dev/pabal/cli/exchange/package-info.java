/** {@code pabal exchange} and {@code pabal binding}: exchanges, and what leads from them to queues. */
@org.jspecify.annotations.NullMarked
package dev.pabal.cli.exchange;
