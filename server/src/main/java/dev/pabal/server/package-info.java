/** The composition root: puts store, broker, protocols and HTTP together into one broker that starts and stops. */
@org.jspecify.annotations.NullMarked
package dev.pabal.server;
