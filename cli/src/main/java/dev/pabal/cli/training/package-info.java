/** The run by which the launcher learns which classes a start and the commands need, to make the start-up archive of them. */
@org.jspecify.annotations.NullMarked
package dev.pabal.cli.training;
