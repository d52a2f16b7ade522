package io.eventsourcing.core.serialization;

import io.eventsourcing.core.EventSourcingException;
import org.jspecify.annotations.Nullable;

/** What is stored cannot be turned into its class. It stays as it is. The message holds no payload. */
public final class PayloadNotReadableException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what cannot be read, and the reason.
     *
     * @param what what cannot be read
     * @param detail the reason, without payload
     * @param cause the first report, if it holds no payload
     */
    public PayloadNotReadableException(String what, String detail, @Nullable Throwable cause) {
        super("The " + what + " cannot be read: " + detail
                + ". It stays as it is in the store. Register its type, or an upcaster if its class has changed.");
        if (cause != null) {
            initCause(cause);
        }
    }
}
