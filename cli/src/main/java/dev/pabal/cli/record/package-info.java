/** {@code pabal produce} and {@code pabal consume}: lines in, lines out. */
@org.jspecify.annotations.NullMarked
package dev.pabal.cli.record;
