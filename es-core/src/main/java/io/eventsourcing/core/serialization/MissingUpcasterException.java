package io.eventsourcing.core.serialization;

import io.eventsourcing.core.EventSourcingException;
import io.eventsourcing.core.event.VersionedType;

/** Stored payloads of an older schema version cannot become current. Found at start where it can be known, else when read. */
public final class MissingUpcasterException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Found at start.
     *
     * @param message what is missing, with what consequence, and what to do
     */
    public MissingUpcasterException(String message) {
        super(message);
    }

    /**
     * Found when an event was read.
     *
     * @param stored the event
     * @param current the current schema version of its type
     */
    public MissingUpcasterException(StoredEvent stored, VersionedType current) {
        super("The " + stored + " is older than the current schema version " + current.schemaVersion()
                + ", and no upcaster starts from it. It was not read. Register an upcaster from type "
                + stored.content().payload().type() + ".");
    }
}
