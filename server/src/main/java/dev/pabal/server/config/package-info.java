/** Every config key with its type, default and meaning, and where values come from. */
@org.jspecify.annotations.NullMarked
package dev.pabal.server.config;
