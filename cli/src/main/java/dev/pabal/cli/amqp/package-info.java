/** How commands reach a broker by AMQP 0-9-1 and by the management API. */
@org.jspecify.annotations.NullMarked
package dev.pabal.cli.amqp;
