package io.eventsourcing.core.subscription;

/**
 * How the events of a subscription are divided. Kept in the store, because nodes that divide differently would handle events
 * twice, and others never.
 *
 * @param segments how many segments there are
 * @param policy the name of the sequencing policy
 */
public record Sequencing(int segments, String policy) {}
