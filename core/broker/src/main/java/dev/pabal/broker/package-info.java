/** The one API that protocols see: topics and partitions as a running thing, joined from the pure parts and the log. */
@org.jspecify.annotations.NullMarked
package dev.pabal.broker;
