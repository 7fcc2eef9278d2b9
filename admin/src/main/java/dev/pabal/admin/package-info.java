/** The management HTTP API in RabbitMQ's form, from a request to an answer; the listener is the server's. */
@NullMarked
package dev.pabal.admin;

import org.jspecify.annotations.NullMarked;
