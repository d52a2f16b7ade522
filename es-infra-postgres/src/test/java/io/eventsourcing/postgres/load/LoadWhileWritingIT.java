package io.eventsourcing.postgres.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A load takes several round trips and sees every commit between them. */
class LoadWhileWritingIT {

    private static final int STREAMS = 60;
    private static final int APPENDS = 5;
    private static final int EVENTS_OF_AN_APPEND = 60;

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final AtomicReference<StreamId> written = new AtomicReference<>(FilledStreams.id("written-0"));
    private final LoadFigures figures = new LoadFigures();
    private volatile boolean finished;

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @Test
    void returnsTheWholeStreamAsItWasOrSaysThatItIsDeleted() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Future<?> reader = threads.submit(this::readUntilFinished);
            Future<?> otherReader = threads.submit(this::readUntilFinished);
            threads.submit(this::writeAndDelete).get();
            reader.get();
            otherReader.get();
        } finally {
            threads.shutdownNow();
        }
        System.out.println("Streams that were written and deleted: " + figures);
        assertThat(figures.whole()).isPositive();
    }

    private void writeAndDelete() {
        try (SingleConnectionDataSource connection = connect()) {
            PostgresEventStore store = new PostgresEventStore(connection, LoadEvent.SERIALIZATION);
            for (int i = 0; i < STREAMS; i++) {
                StreamId stream = FilledStreams.id("written-" + i);
                written.set(stream);
                LongStream.range(0, APPENDS).forEach(append -> append(store, stream, append * EVENTS_OF_AN_APPEND));
                store.delete(stream);
            }
        } finally {
            finished = true;
        }
    }

    private static void append(PostgresEventStore store, StreamId stream, long version) {
        Object[] events = LongStream.rangeClosed(version + 1, version + EVENTS_OF_AN_APPEND)
                .mapToObj(number -> new LoadEvent(number, "text"))
                .toArray();
        store.append(AppendRequest.of(stream, ExpectedVersion.exactly(version), events)
                .withSnapshot(new LoadState(version + EVENTS_OF_AN_APPEND)));
    }

    private void readUntilFinished() {
        try (SingleConnectionDataSource connection = connect()) {
            PostgresEventStore store = new PostgresEventStore(connection, LoadEvent.SERIALIZATION);
            while (!finished) {
                StreamId stream = written.get();
                figures.count(() -> CheckedLoad.forward(store.load(stream)));
                figures.count(() -> CheckedLoad.backward(store.loadBackward(stream, Long.MAX_VALUE)));
                figures.count(() -> CheckedLoad.afterSnapshot(store.loadWithSnapshot(stream, LoadState.class)));
            }
        }
    }

    private static SingleConnectionDataSource connect() {
        TestDatabase database = postgres.database();
        return new SingleConnectionDataSource(database.url(), database.user(), database.password(), true);
    }
}
