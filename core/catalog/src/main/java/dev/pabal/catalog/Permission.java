package dev.pabal.catalog;

/**
 * What a user may do in a virtual host; each a regular expression that names must match as a whole of, as RabbitMQ's.
 *
 * @param user whose
 * @param vhost where
 * @param configure resources that may be created and deleted
 * @param write resources that may be published to and bound
 * @param read resources that may be consumed from and bound from
 */
public record Permission(String user, String vhost, String configure, String write, String read) {}
