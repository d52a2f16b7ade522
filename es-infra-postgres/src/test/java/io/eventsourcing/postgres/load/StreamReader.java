package io.eventsourcing.postgres.load;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.process.ForkedJvm;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The main class of a JVM with little memory, which reads a stream to its end and checks every event. */
final class StreamReader {

    private StreamReader() {}

    public static void main(String[] arguments) {
        ForkedJvm.endWithParent();
        boolean backward = Boolean.parseBoolean(arguments[4]);
        SingleConnectionDataSource connection =
                new SingleConnectionDataSource(arguments[0], arguments[1], arguments[2], true);
        try (connection) {
            PostgresEventStore store = new PostgresEventStore(connection, LoadEvent.SERIALIZATION);
            StreamId stream = FilledStreams.id(arguments[3]);
            CheckedLoad load = backward
                    ? CheckedLoad.backward(store.loadBackward(stream, 1_000_000))
                    : CheckedLoad.forward(store.load(stream));
            System.out.println(load.read() + " events");
        }
    }
}
