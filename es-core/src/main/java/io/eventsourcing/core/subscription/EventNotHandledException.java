package io.eventsourcing.core.subscription;

import io.eventsourcing.core.EventSourcingException;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;

/** A handler failed at one event of its batch; those before it are handled. */
public final class EventNotHandledException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    private final long position;

    /**
     * Names the event.
     *
     * @param event the event
     * @param cause why it failed
     */
    public EventNotHandledException(RecordedEvent event, Throwable cause) {
        super(
                "The event of type " + event.type() + " at version " + event.version() + " of stream " + event.stream()
                        + " (position " + event.position() + ") could not be handled: "
                        + cause.getClass().getName() + ". It is tried again, and parked if that does not help.",
                cause);
        this.position = event.position().value();
    }

    /** Where the event stands. */
    GlobalPosition position() {
        return new GlobalPosition(position);
    }
}
