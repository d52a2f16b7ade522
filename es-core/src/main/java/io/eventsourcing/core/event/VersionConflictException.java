package io.eventsourcing.core.event;

import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;

/**
 * A stream was not at the version that an append expected: somebody else appended first. Nothing was written. A
 * surrounding transaction can go on.
 */
public final class VersionConflictException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    private final transient StreamId stream;
    private final transient ExpectedVersion expected;
    private final transient StreamVersion actual;

    /**
     * Names the stream and both versions.
     *
     * @param stream the stream
     * @param expected what the append demanded
     * @param actual what the stream is at
     */
    public VersionConflictException(StreamId stream, ExpectedVersion expected, StreamVersion actual) {
        super("Stream " + stream + " is at version " + actual + ", but the append expected " + expected
                + ". No events were written. Reload the stream and decide again.");
        this.stream = stream;
        this.expected = expected;
        this.actual = actual;
    }

    /**
     * The stream that has moved.
     *
     * @return its identity
     */
    public StreamId stream() {
        return stream;
    }

    /**
     * What the append demanded.
     *
     * @return the expected version
     */
    public ExpectedVersion expected() {
        return expected;
    }

    /**
     * What the stream is at.
     *
     * @return the version; {@link StreamVersion#NONE} if it was never written
     */
    public StreamVersion actual() {
        return actual;
    }
}
