/** The program's log: one line per event, quiet by default, set up in code because reading a file costs start-up time. */
@org.jspecify.annotations.NullMarked
package dev.pabal.cli.logging;
