/** What all commands that talk to a broker share: how they reach it, and how they say what went wrong. */
@org.jspecify.annotations.NullMarked
package dev.pabal.cli.client;
