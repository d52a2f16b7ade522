package io.eventsourcing.core.serialization;

import io.eventsourcing.core.EventSourcingException;
import org.jspecify.annotations.Nullable;

/** A stored event's type is known, but its content cannot be turned into its class. The message holds no payload. */
public final class EventNotReadableException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the event and the reason.
     *
     * @param stored the event
     * @param detail the reason, without payload
     * @param cause the first report, if it holds no payload
     */
    public EventNotReadableException(StoredEvent stored, String detail, @Nullable Throwable cause) {
        super("The " + stored + " cannot be read: " + detail
                + ". It stays as it is in the store. Register an upcaster if its class has changed.");
        if (cause != null) {
            initCause(cause);
        }
    }
}
