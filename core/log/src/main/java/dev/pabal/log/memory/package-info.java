/** A store that keeps its logs on the heap: the plainest reading of the contract, for tests and simulations. */
@org.jspecify.annotations.NullMarked
package dev.pabal.log.memory;
