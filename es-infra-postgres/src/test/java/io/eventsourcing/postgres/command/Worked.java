package io.eventsourcing.postgres.command;

import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.serialization.EventSerialization;

/**
 * An event of a command.
 *
 * @param number that of the command
 * @param part which event of the command it is, from 1 on
 * @param by the node that handled the command
 */
@EventType("kill-worked")
record Worked(int number, int part, String by) {

    static final EventSerialization SERIALIZATION = EventSerialization.of(Worked.class);
}
