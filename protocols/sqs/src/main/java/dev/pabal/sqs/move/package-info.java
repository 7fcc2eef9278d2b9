/** Message move tasks: dead letters on their way back. */
@NullMarked
package dev.pabal.sqs.move;

import org.jspecify.annotations.NullMarked;
