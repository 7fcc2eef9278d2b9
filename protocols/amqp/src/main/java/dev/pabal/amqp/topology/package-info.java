/** The methods that declare, bind and delete exchanges and queues. */
@NullMarked
package dev.pabal.amqp.topology;

import org.jspecify.annotations.NullMarked;
