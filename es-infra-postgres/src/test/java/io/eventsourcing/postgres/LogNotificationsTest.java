package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Nodes tell each other of appends: not in the append's transaction, not too often, and whatever becomes of the connections. */
class LogNotificationsTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final String LISTENERS =
            "from pg_stat_activity where datname = current_database() and query ~* '^listen'";

    private final DataSource dataSource = postgres.database().dataSource();
    private final DataSource admin = postgres.database().adminDataSource();
    private final PostgresEventStore store = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
    private final AtomicInteger woken = new AtomicInteger();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        Awaitility.await().until(() -> listeners() == 0);
    }

    private long listeners() {
        return Sql.number(admin, "select count(*) " + LISTENERS);
    }

    private LogNotifier notifier(DataSource on, Duration interval) {
        LogNotifier notifier = new LogNotifier(on, EventStoreSchema.DEFAULT_NAME, interval);
        open.add(notifier);
        store.onAppend(notifier::signal);
        return notifier;
    }

    private void listen(DataSource on) {
        open.add(new LogListener(on, EventStoreSchema.DEFAULT_NAME, woken::incrementAndGet));
        Awaitility.await().until(() -> woken.get() > 0); // once when it begins
    }

    private void assertAnAppendWakes() {
        int before = woken.get();
        store.append(Noted.to(Noted.newStream()));
        Awaitility.await().until(() -> woken.get() > before);
    }

    @Test
    void anAppendWakesOtherNodes() {
        notifier(dataSource, Duration.ofMillis(5));
        listen(dataSource);

        assertAnAppendWakes();
        assertAnAppendWakes();
    }

    /** Or each append would have each node look for commands. */
    @Test
    void followersAndWorkersAreWokenApart() {
        AtomicInteger wokenForCommands = new AtomicInteger();
        PostgresCommandStore commands = new PostgresCommandStore(dataSource, store);
        LogNotifier notifier = notifier(dataSource, Duration.ofMillis(5));
        commands.onStored(notifier::signalCommands);
        open.add(new LogListener(
                dataSource, EventStoreSchema.DEFAULT_NAME, woken::incrementAndGet, wokenForCommands::incrementAndGet));
        Awaitility.await().until(() -> wokenForCommands.get() == 1); // once when it begins

        int before = woken.get();
        commands.save(List.of(Commands.to(Noted.newStream())));
        Awaitility.await().until(() -> wokenForCommands.get() == 2);
        assertThat(woken).hasValue(before);

        assertAnAppendWakes();
        assertThat(wokenForCommands).hasValue(2);
    }

    @Test
    void storesInOneDatabaseDoNotWakeEachOther() throws SQLException {
        LogNotifier other = new LogNotifier(dataSource, "other", Duration.ofMillis(5));
        open.add(other);
        listen(dataSource);
        int before = woken.get();
        try (Connection connection = dataSource.getConnection()) {
            Sql.execute(connection, "listen other_appended");
            other.signal();
            assertThat(connection.unwrap(PGConnection.class).getNotifications(20_000))
                    .hasSize(1);
        }

        assertThat(woken).hasValue(before);
    }

    /** Each notification takes a lock of the whole server at its commit. */
    @Test
    void manyAppendsAreFewNotifications() throws SQLException {
        notifier(dataSource, Duration.ofMillis(200));
        try (Connection connection = dataSource.getConnection()) {
            Sql.execute(connection, "listen eventsourcing_appended");
            long began = System.nanoTime();
            for (int i = 0; i < 200; i++) {
                store.append(Noted.to(Noted.newStream()));
            }
            long intervals = Duration.ofNanos(System.nanoTime() - began).toMillis() / 200;

            int received = 0;
            PGNotification[] some = connection.unwrap(PGConnection.class).getNotifications(20_000);
            while (some != null && some.length > 0) {
                received += some.length;
                some = connection.unwrap(PGConnection.class).getNotifications(1_000);
            }
            assertThat(received).isBetween(1, (int) intervals + 2);
        }
    }

    @Test
    void aListenerWhoseConnectionIsKilledListensAgain() {
        notifier(dataSource, Duration.ofMillis(5));
        listen(dataSource);

        for (int kill = 0; kill < 20; kill++) {
            int before = woken.get();
            Sql.texts(admin, "select pg_terminate_backend(pid, 10000) " + LISTENERS);
            Awaitility.await().until(() -> listeners() == 1 && woken.get() > before);
            assertAnAppendWakes();
        }
    }

    @Test
    void bothGoOnWhenThereWereNoConnectionsForAWhile() {
        AtomicInteger refused = new AtomicInteger(4);
        DataSource unsteady = new DelegatingDataSource(dataSource) {
            @Override
            public Connection getConnection() throws SQLException {
                if (refused.getAndDecrement() > 0) {
                    throw new SQLException("none left", "08001");
                }
                return super.getConnection();
            }
        };
        listen(unsteady);
        refused.set(1);
        notifier(unsteady, Duration.ofMillis(5));

        assertAnAppendWakes();
    }
}
