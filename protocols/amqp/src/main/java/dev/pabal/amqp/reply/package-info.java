/** Direct replies: a pseudo queue from which a client gets answers that no queue ever held. */
@NullMarked
package dev.pabal.amqp.reply;

import org.jspecify.annotations.NullMarked;
