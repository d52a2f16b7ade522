package io.eventsourcing.core.serialization;

import io.eventsourcing.core.EventSourcingException;

/** A payload cannot be written as JSON, or no store could keep the JSON. Nothing was written. The message holds no payload. */
public final class PayloadNotWritableException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the payload and the reason.
     *
     * @param context whose payload it is, and what it is
     * @param payloadClass its class
     * @param detail the reason, without payload
     */
    public PayloadNotWritableException(PayloadContext context, Class<?> payloadClass, String detail) {
        super("The payload of type " + context.type() + " (" + payloadClass.getName() + ") for stream "
                + context.stream() + " cannot be stored: " + detail
                + ". Nothing was written. Correct the value, or the class that holds it.");
    }

    /**
     * Names the payload and the codec that failed.
     *
     * @param context whose payload it is, and what it is
     * @param codec the codec
     * @param cause what it threw; its class and place are kept, its message is not, because it may quote the payload
     */
    public PayloadNotWritableException(PayloadContext context, PayloadCodec codec, RuntimeException cause) {
        super(
                "The payload of type " + context.type() + " for stream " + context.stream()
                        + " cannot be stored: the payload codec '" + codec.name() + "' failed with "
                        + cause.getClass().getName() + ". Nothing was written.",
                new WithoutMessage(cause));
    }
}
