package io.eventsourcing.samples.orders;

import io.eventsourcing.core.stream.StreamVersion;

/** The order is not at the version that the caller has seen. Nothing was recorded. */
public final class OrderChangedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OrderChangedException(StreamVersion seen, StreamVersion actual) {
        super("The order is at version " + actual + ", but you have seen version " + seen
                + ". Nothing was changed. Look at it again.");
    }
}
