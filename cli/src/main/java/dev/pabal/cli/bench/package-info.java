/** {@code pabal bench}: load with live progress and a summary of throughput and latency. */
@org.jspecify.annotations.NullMarked
package dev.pabal.cli.bench;
