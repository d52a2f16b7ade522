package io.eventsourcing.core.serialization;

import io.eventsourcing.core.EventSourcingException;

/** A payload, or an event's metadata, is larger than the limit. Nothing was written. */
public final class PayloadTooLargeException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the payload and both sizes.
     *
     * @param what "payload" or "metadata"
     * @param context whose it is, and what it is
     * @param actualBytes its size as it would be stored
     * @param maxBytes the limit
     */
    public PayloadTooLargeException(String what, PayloadContext context, int actualBytes, int maxBytes) {
        super("The " + what + " of type " + context.type() + " for stream " + context.stream() + " has " + actualBytes
                + " bytes, at most " + maxBytes
                + " are accepted. Nothing was written. Store large content elsewhere and keep a reference in the event,"
                + " or raise the limit.");
    }
}
