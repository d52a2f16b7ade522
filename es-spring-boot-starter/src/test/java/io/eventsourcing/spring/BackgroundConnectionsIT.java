package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.postgres.LogListener;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** What the background pool takes over from the application's, and what not. */
class BackgroundConnectionsIT {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final String LISTENER =
            "select min(pid) from pg_stat_activity where datname = current_database() and query ~* '^listen'";

    private static HikariDataSource pool(Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setUsername(postgres.database().user());
        config.setPassword(postgres.database().password());
        settings.accept(config);
        return new HikariDataSource(config);
    }

    private static HikariDataSource at(String parameters) {
        return pool(config -> config.setJdbcUrl(postgres.database().url() + parameters));
    }

    private static int networkTimeout(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return connection.getNetworkTimeout();
        }
    }

    private static int backgroundTimeout(HikariDataSource application) throws SQLException {
        try (application;
                BackgroundConnections background = BackgroundConnections.beside(application, 2)) {
            return networkTimeout(background.dataSource());
        }
    }

    @Test
    void waitsForAnAnswerForHalfAMinuteAtMost() throws SQLException {
        assertThat(backgroundTimeout(at(""))).isEqualTo(30_000);
        assertThat(backgroundTimeout(pool(config -> {
                    config.setDataSourceClassName(PGSimpleDataSource.class.getName());
                    config.addDataSourceProperty("url", postgres.database().url());
                })))
                .isEqualTo(30_000);
    }

    @Test
    void waitsForAsLongAsTheApplicationsPoolIsToldTo() throws SQLException {
        assertThat(backgroundTimeout(at("?socketTimeout=7"))).isEqualTo(7_000);
        assertThat(backgroundTimeout(pool(config -> {
                    config.setJdbcUrl(postgres.database().url());
                    config.addDataSourceProperty("socketTimeout", "7");
                })))
                .isEqualTo(7_000);
        assertThat(backgroundTimeout(pool(config -> {
                    config.setDataSourceClassName(PGSimpleDataSource.class.getName());
                    config.addDataSourceProperty("url", postgres.database().url() + "?socketTimeout=7");
                })))
                .isEqualTo(7_000);
        assertThat(backgroundTimeout(
                        pool(config -> config.setDataSource(postgres.database().dataSource()))))
                .as("a DataSource that was made elsewhere is as it is")
                .isZero();
    }

    @Test
    void leavesTheApplicationsPoolAsItIs() throws SQLException {
        try (HikariDataSource application = at("");
                BackgroundConnections background = BackgroundConnections.beside(application, 2)) {
            assertThat(background.dataSource()).isNotSameAs(application);
            assertThat(application.getDataSourceProperties()).isEmpty();
            assertThat(networkTimeout(application)).isZero();
        }
    }

    @Test
    void aListenerOfItsOwnWaitsForHalfAMinuteAtMost() throws SQLException {
        try (HikariDataSource application = at("");
                BackgroundConnections background = BackgroundConnections.beside(application, 2);
                HikariDataSource listening = background.at(postgres.database().url())) {
            assertThat(networkTimeout(listening)).isEqualTo(30_000);
        }
    }

    @Test
    void aListenersConnectionIsNoLeak() {
        try (HikariDataSource application = pool(config -> {
                    config.setJdbcUrl(postgres.database().url());
                    config.setLeakDetectionThreshold(5_000);
                });
                BackgroundConnections background = BackgroundConnections.beside(application, 2)) {
            assertThat(background.dataSource())
                    .isInstanceOfSatisfying(
                            HikariDataSource.class,
                            pool -> assertThat(pool.getLeakDetectionThreshold()).isZero());
        }
    }

    @Test
    void aCallThatIsNotAnsweredEnds() {
        try (HikariDataSource application = at("?socketTimeout=1");
                BackgroundConnections background = BackgroundConnections.beside(application, 2)) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> query(background.dataSource(), "select 1 from pg_sleep(20)"))
                    .satisfies(e -> assertThat(e.getSQLState()).startsWith("08"));
        }
    }

    @Test
    void whoListensMayWaitForLongerThanForAnAnswer() throws SQLException {
        AtomicInteger woken = new AtomicInteger();
        DataSource admin = postgres.database().adminDataSource();
        try (HikariDataSource application = at("?socketTimeout=1");
                BackgroundConnections background = BackgroundConnections.beside(application, 2);
                LogListener listener =
                        new LogListener(background.dataSource(), "eventsourcing", woken::incrementAndGet)) {
            assertThat(listener).isNotNull();
            await().until(() -> query(admin, LISTENER) > 0 && woken.get() == 1);
            int backend = query(admin, LISTENER);
            await().during(Duration.ofSeconds(4))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> query(admin, LISTENER) == backend && woken.get() == 1);
            query(background.dataSource(), "select 1 from pg_notify('eventsourcing_appended', '')");
            await().until(() -> woken.get() == 2);
        }
    }

    private static int query(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }
}
