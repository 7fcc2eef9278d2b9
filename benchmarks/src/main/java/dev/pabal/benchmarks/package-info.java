/** The side-by-side runs against other brokers: same machine, same clients, one run, taking turns. */
@org.jspecify.annotations.NullMarked
package dev.pabal.benchmarks;
