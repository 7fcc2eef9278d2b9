/** The write-ahead journal that all logs share: groups of appends, one sync each, in recycled files. */
@org.jspecify.annotations.NullMarked
package dev.pabal.log.journal;
