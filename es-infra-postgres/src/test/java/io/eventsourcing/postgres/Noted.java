package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import java.util.UUID;
import javax.sql.DataSource;

/** The event that most of this module's tests append. */
@EventType("noted")
public record Noted(String text) {

    static final EventSerialization SERIALIZATION = EventSerialization.of(Noted.class);

    /** A store that shares commits whatever its DataSource is. */
    static PostgresEventStore sharingStore(DataSource dataSource) {
        return new PostgresEventStore(dataSource, SERIALIZATION, EventStoreSchema.DEFAULT_NAME, SharedCommits.ALWAYS);
    }

    /** A stream that no other test writes. */
    static StreamId newStream() {
        return StreamId.of("note", UUID.randomUUID().toString());
    }

    /** Appends one event, whatever version the stream is at. */
    static AppendRequest to(StreamId stream) {
        return AppendRequest.of(stream, ExpectedVersion.any(), new Noted("text"));
    }
}
