/** What exists: topics and their configs, as an immutable image and one change at a time. Pure: no I/O, clock, thread or random. */
@org.jspecify.annotations.NullMarked
package dev.pabal.catalog;
