/** Frames and methods of AMQP 0-9-1: read from received memory without copies, written as whole frames. */
@NullMarked
package dev.pabal.amqp.codec;

import org.jspecify.annotations.NullMarked;
