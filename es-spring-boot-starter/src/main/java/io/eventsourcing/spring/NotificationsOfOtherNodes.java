package io.eventsourcing.spring;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.postgres.LogListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Wakes this node when another one notifies. */
final class NotificationsOfOtherNodes implements WakeUpSource, AutoCloseable {

    private final DataSource dataSource;
    private final @Nullable HikariDataSource own;
    private final String schema;
    private final List<Runnable> forAppends = new CopyOnWriteArrayList<>();
    private final List<Runnable> forCommands = new CopyOnWriteArrayList<>();
    private @Nullable LogListener listener;

    private NotificationsOfOtherNodes(DataSource dataSource, @Nullable HikariDataSource own, String schema) {
        this.dataSource = dataSource;
        this.own = own;
        this.schema = schema;
    }

    /** On a connection of a pool that others use, too. */
    static NotificationsOfOtherNodes sharing(DataSource dataSource, String schema) {
        return new NotificationsOfOtherNodes(dataSource, null, schema);
    }

    /** On a connection of a pool that nobody else uses, which is closed in the end. */
    static NotificationsOfOtherNodes owning(HikariDataSource own, String schema) {
        return new NotificationsOfOtherNodes(own, own, schema);
    }

    @Override
    public void onAppend(Runnable wake) {
        forAppends.add(wake);
        listen();
    }

    @Override
    public void onCommands(Runnable wake) {
        forCommands.add(wake);
        listen();
    }

    private synchronized void listen() {
        if (listener == null) {
            listener = new LogListener(
                    dataSource,
                    schema,
                    () -> forAppends.forEach(Runnable::run),
                    () -> forCommands.forEach(Runnable::run));
        }
    }

    @Override
    public synchronized void close() {
        if (listener != null) {
            listener.close();
        }
        if (own != null) {
            own.close();
        }
    }
}
