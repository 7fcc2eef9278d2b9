/** Judges what clients saw: from what was produced and consumed, names what was lost, invented, doubled, reordered or skipped. */
@org.jspecify.annotations.NullMarked
package dev.pabal.logkit.history;
