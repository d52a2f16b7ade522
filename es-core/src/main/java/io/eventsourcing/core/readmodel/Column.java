package io.eventsourcing.core.readmodel;

/**
 * A column of a read model's table.
 *
 * @param name its name in the table, in snake case
 * @param component the record component that it holds
 * @param type what it holds
 * @param isNullable whether it may be null
 * @param isId whether it identifies rows, alone or with others
 */
public record Column(String name, String component, ColumnType type, boolean isNullable, boolean isId) {}
