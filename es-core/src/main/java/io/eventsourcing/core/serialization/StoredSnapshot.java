package io.eventsourcing.core.serialization;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;

/**
 * A snapshot as an adapter reads it from its store.
 *
 * @param stream its stream
 * @param version the version of the last event in it
 * @param state the state
 */
public record StoredSnapshot(StreamId stream, StreamVersion version, SerializedPayload state) {}
