/** {@code pabal start}: from arguments to a broker that runs until it is told to stop. Loads no more classes than that takes. */
@org.jspecify.annotations.NullMarked
package dev.pabal.cli.start;
