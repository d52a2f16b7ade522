package io.eventsourcing.core.event;

/** An inline projection could not handle an event in the transaction of its append, so that nothing was written. */
public final class EventNotProjectedException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the projection and the event.
     *
     * @param projection the name of the projection
     * @param event the event, or the last one of those that were handled together
     * @param cause what the handler threw, or why its rows could not be written
     */
    public EventNotProjectedException(String projection, RecordedEvent event, Throwable cause) {
        super(
                "The inline projection '" + projection + "' could not handle the event of type " + event.type()
                        + " at version " + event.version() + " of stream " + event.stream() + " ("
                        + cause.getClass().getName()
                        + "). Nothing was written. Mend the handler, or pause the projection: then events are"
                        + " appended, and it handles them when it is resumed.",
                cause);
    }
}
