/** The seams to the outside, small enough to fake: files and time. */
@org.jspecify.annotations.NullMarked
package dev.pabal.log.seam;
