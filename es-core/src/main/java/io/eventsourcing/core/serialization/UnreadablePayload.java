package io.eventsourcing.core.serialization;

import org.jspecify.annotations.Nullable;

/** Why a stored payload could not be read; caught by whoever knows whose payload it was, and never seen outside. */
final class UnreadablePayload extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadablePayload(String detail, @Nullable Throwable cause) {
        super(detail, cause);
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
