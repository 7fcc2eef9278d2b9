/** The program {@code pabal}: its subcommands, by picocli. */
@org.jspecify.annotations.NullMarked
package dev.pabal.cli;
