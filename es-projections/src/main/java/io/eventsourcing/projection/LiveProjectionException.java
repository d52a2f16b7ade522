package io.eventsourcing.projection;

import io.eventsourcing.core.EventSourcingException;
import io.eventsourcing.core.event.RecordedEvent;

/** A live projection could not handle an event, so that there is no answer. */
public final class LiveProjectionException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the projection and the event.
     *
     * @param projection the name of the projection
     * @param event the event, or the last one if it is not known which
     * @param cause what the handler threw
     */
    public LiveProjectionException(String projection, RecordedEvent event, Throwable cause) {
        super(
                "The live projection '" + projection + "' could not handle the event of type " + event.type()
                        + " at version "
                        + event.version() + " of stream " + event.stream() + " (position " + event.position() + "): "
                        + cause.getClass().getName() + ". There are no rows. Mend its handler.",
                cause);
    }
}
