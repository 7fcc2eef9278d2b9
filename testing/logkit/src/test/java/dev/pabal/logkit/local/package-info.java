/** The local store held against the contract, on a simulated disk that crashes anywhere and on the real one. */
@org.jspecify.annotations.NullMarked
package dev.pabal.logkit.local;
