/** The stored record: what is inside a batch, how a batch is checked, and how records of one protocol become those of another. */
@org.jspecify.annotations.NullMarked
package dev.pabal.message;
