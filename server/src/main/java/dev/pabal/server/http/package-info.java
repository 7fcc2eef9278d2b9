/** The HTTP listener: health for orchestrators, metrics for Prometheus, and the management API. */
@org.jspecify.annotations.NullMarked
package dev.pabal.server.http;
