package io.eventsourcing.spring;

import io.eventsourcing.postgres.LogListener;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Wakes this node when another one notifies. */
final class NotificationsOfOtherNodes implements WakeUpSource, AutoCloseable {

    private final DataSource dataSource;
    private final String schema;
    private @Nullable LogListener listener;

    NotificationsOfOtherNodes(DataSource dataSource, String schema) {
        this.dataSource = dataSource;
        this.schema = schema;
    }

    @Override
    public synchronized void start(Runnable wake) {
        listener = new LogListener(dataSource, schema, wake);
    }

    @Override
    public synchronized void close() {
        if (listener != null) {
            listener.close();
        }
    }
}
