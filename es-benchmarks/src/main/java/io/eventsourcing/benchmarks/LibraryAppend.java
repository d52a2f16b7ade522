package io.eventsourcing.benchmarks;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.postgres.PostgresEventStore;
import javax.sql.DataSource;

/** The library's append of one event at an exact expected version. */
final class LibraryAppend implements Contender {

    private final EventStorePort store;

    LibraryAppend(DataSource dataSource) {
        this.store = new PostgresEventStore(dataSource, EventSerialization.of(Measured.class));
    }

    @Override
    public void append(String streamId, int number) {
        store.append(AppendRequest.of(
                StreamId.of("bench", streamId), ExpectedVersion.exactly(number - 1), new Measured(Measured.TEXT)));
    }
}
