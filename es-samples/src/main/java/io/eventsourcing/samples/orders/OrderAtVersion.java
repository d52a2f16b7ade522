package io.eventsourcing.samples.orders;

import io.eventsourcing.core.stream.StreamVersion;

/**
 * An order and how many events it is made of.
 *
 * @param id the order's id within its tenant
 * @param version the version of its stream
 * @param order the order
 */
public record OrderAtVersion(String id, StreamVersion version, Order order) {}
