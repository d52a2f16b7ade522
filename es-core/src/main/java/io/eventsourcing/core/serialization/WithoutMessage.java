package io.eventsourcing.core.serialization;

import org.jspecify.annotations.Nullable;

/** What a codec or an upcaster threw: its class, its place and its causes, but no message, because that may quote a payload. */
final class WithoutMessage extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WithoutMessage(Throwable original) {
        super(
                original.getClass().getName() + " (its message is left out: it may quote the payload)",
                causeOf(original));
        setStackTrace(original.getStackTrace());
    }

    private static @Nullable Throwable causeOf(Throwable original) {
        Throwable cause = original.getCause();
        return cause == null ? null : new WithoutMessage(cause);
    }
}
