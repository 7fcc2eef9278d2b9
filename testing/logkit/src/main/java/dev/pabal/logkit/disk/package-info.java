/** Disks that fail on purpose: simulated ones that lose, tear and reorder what was not synced, and a guard in front of real ones. */
@org.jspecify.annotations.NullMarked
package dev.pabal.logkit.disk;
