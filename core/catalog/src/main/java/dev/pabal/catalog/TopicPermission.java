package dev.pabal.catalog;

/**
 * Which routing keys a user may use on a topic exchange; regular expressions.
 *
 * @param user whose
 * @param vhost where
 * @param exchange name of the exchange
 * @param write routing keys that may be published with
 * @param read routing keys that may be bound with
 */
public record TopicPermission(String user, String vhost, String exchange, String write, String read) {}
