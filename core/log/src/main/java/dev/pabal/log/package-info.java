/** The one noun everything stands on: an append-only, checksummed log of record batches, and the store that keeps many of them. */
@org.jspecify.annotations.NullMarked
package dev.pabal.log;
