/** Where batches stay: segment files made of extents, their indexes, cold reads, retention and compaction. */
@org.jspecify.annotations.NullMarked
package dev.pabal.log.segment;
