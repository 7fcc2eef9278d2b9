/** Spring AMQP and Spring Kafka in one application, on one broker, over the same messages. */
package dev.pabal.examples.spring;
