/** The HTTP listener: health for orchestrators and metrics for Prometheus. */
@org.jspecify.annotations.NullMarked
package dev.pabal.server.http;
