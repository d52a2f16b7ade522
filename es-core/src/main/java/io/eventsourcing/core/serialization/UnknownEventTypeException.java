package io.eventsourcing.core.serialization;

import io.eventsourcing.core.EventSourcingException;
import io.eventsourcing.core.event.VersionedType;

/** A stored event is of a type, or of a newer schema version, that this application does not know. It was not read. */
public final class UnknownEventTypeException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * The name of the type is not known.
     *
     * @param stored the event
     */
    public UnknownEventTypeException(StoredEvent stored) {
        super("The " + stored + " is of a type that is not registered. It was not read."
                + " Register its class under that name, or an upcaster from that type that renames or drops it.");
    }

    /**
     * The schema version of the type is newer than the one known.
     *
     * @param stored the event
     * @param current the newest schema version that is known
     */
    public UnknownEventTypeException(StoredEvent stored, VersionedType current) {
        super("The " + stored + " is newer than the schema version " + current.schemaVersion()
                + " that this application knows. It was not read. A newer version of the application wrote it: deploy that"
                + " version here, too.");
    }
}
