/** Handlers that administer: topics, configs, records, the cluster's description. */
@org.jspecify.annotations.NullMarked
package dev.pabal.kafka.admin;
