/** Channels: what a method finds when it is carried out, publishing with confirms, consuming, settling, transactions. */
@NullMarked
package dev.pabal.amqp.channel;

import org.jspecify.annotations.NullMarked;
