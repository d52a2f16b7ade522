package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import io.eventsourcing.testkit.postgres.TestDatabase;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An append that no transaction surrounds is committed, also on connections that do not commit by themselves, and also where
 * Spring shares connections without a transaction. What was acknowledged there was once thrown away.
 */
class OwnTransactionTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final HikariDataSource pool = poolWithoutAutoCommit();
    private final PostgresEventStore store = new PostgresEventStore(pool, Noted.SERIALIZATION);
    private final PostgresEventStore observer =
            new PostgresEventStore(postgres.database().dataSource(), Noted.SERIALIZATION);
    private final TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(pool));
    private final StreamId stream = Noted.newStream();

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    private static HikariDataSource poolWithoutAutoCommit() {
        TestDatabase database = postgres.database();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMaximumPoolSize(3);
        config.setAutoCommit(false);
        return new HikariDataSource(config);
    }

    @AfterEach
    void closePool() {
        pool.close();
    }

    @Test
    void isCommittedWithoutAnyScope() {
        store.append(Noted.to(stream));

        assertThat(observer.exists(stream)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {TransactionDefinition.PROPAGATION_SUPPORTS, TransactionDefinition.PROPAGATION_NOT_SUPPORTED})
    void isCommittedInAScopeWithoutTransaction(int propagation) {
        transaction.setPropagationBehavior(propagation);

        transaction.executeWithoutResult(status -> store.append(Noted.to(stream)));
        assertThat(observer.exists(stream)).isTrue();

        transaction.executeWithoutResult(status -> store.delete(stream));
        assertThat(observer.exists(stream)).isFalse();
    }

    @Test
    void isCommittedWhereASurroundingTransactionIsSuspended() {
        TransactionTemplate suspending = new TransactionTemplate(transaction.getTransactionManager());
        suspending.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);

        transaction.executeWithoutResult(outer -> {
            suspending.executeWithoutResult(inner -> store.append(Noted.to(stream)));
            outer.setRollbackOnly();
        });

        assertThat(observer.exists(stream)).isTrue();
    }

    @Test
    void isCommittedInTheTransactionOfAnotherDataSource() {
        TransactionTemplate other = new TransactionTemplate(
                new DataSourceTransactionManager(postgres.database().dataSource()));

        other.executeWithoutResult(status -> {
            store.append(Noted.to(stream));
            status.setRollbackOnly();
        });

        assertThat(observer.exists(stream)).isTrue();
    }

    @Test
    void isRolledBackWithATransactionOfThisDataSource() {
        transaction.executeWithoutResult(status -> {
            store.append(Noted.to(stream));
            status.setRollbackOnly();
        });

        assertThat(observer.exists(stream)).isFalse();
    }

    /** Its connections could not be told from new ones, and were committed although their transaction was rolled back. */
    @Test
    void refusesATransactionAwareProxyBehindAnother() {
        DataSource nested = new LazyConnectionDataSourceProxy(new TransactionAwareDataSourceProxy(pool));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PostgresEventStore(nested, Noted.SERIALIZATION))
                .withMessageContainingAll(
                        "LazyConnectionDataSourceProxy", "TransactionAwareDataSourceProxy", "not made");
    }

    @Test
    void joinsTheTransactionBehindATransactionAwareProxy() {
        PostgresEventStore behindProxy =
                new PostgresEventStore(new TransactionAwareDataSourceProxy(pool), Noted.SERIALIZATION);

        transaction.executeWithoutResult(status -> {
            behindProxy.append(Noted.to(stream));
            status.setRollbackOnly();
        });

        assertThat(observer.exists(stream)).isFalse();
    }
}
