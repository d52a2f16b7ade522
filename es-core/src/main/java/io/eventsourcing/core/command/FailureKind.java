package io.eventsourcing.core.command;

/** Why a command has failed. */
public enum FailureKind {
    /** The domain said no. */
    REJECTED,
    /** It was tried as often as may be, and an error came each time. */
    EXHAUSTED,
    /** Somebody cancelled it before a worker took it. */
    CANCELLED,
    /** Nothing handles it, or it cannot be read. */
    UNROUTABLE
}
