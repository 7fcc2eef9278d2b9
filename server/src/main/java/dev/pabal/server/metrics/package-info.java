/** The metrics page: Micrometer meters over figures that the other parts keep anyway, made at the first scrape. */
@org.jspecify.annotations.NullMarked
package dev.pabal.server.metrics;
