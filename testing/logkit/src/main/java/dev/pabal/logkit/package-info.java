/** What every implementation of the log SPI is judged by: the contract suite, batches to feed it, and a clock that tests move. */
@org.jspecify.annotations.NullMarked
package dev.pabal.logkit;
