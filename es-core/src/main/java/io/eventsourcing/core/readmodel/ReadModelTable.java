package io.eventsourcing.core.readmodel;

/**
 * A table with the rows of a read model: the one that applications know, or one beside it that is being built.
 *
 * @param type what a row is
 * @param name the name of the table
 */
public record ReadModelTable(ReadModelType<?> type, String name) {}
