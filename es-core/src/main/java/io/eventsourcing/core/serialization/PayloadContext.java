package io.eventsourcing.core.serialization;

import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.stream.StreamId;

/**
 * What a codec may know about a payload: whose it is, and what it is.
 *
 * @param stream the stream, with its tenant
 * @param type the type of the event or snapshot, as it is stored
 */
public record PayloadContext(StreamId stream, VersionedType type) {}
