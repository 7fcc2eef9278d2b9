/** Who gets a message: exchanges, bindings and the tables made of them. Pure. */
@NullMarked
package dev.pabal.routing;

import org.jspecify.annotations.NullMarked;
