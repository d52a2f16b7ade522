package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.StopSubscriptionException;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.InvalidIsolationLevelException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

class StoreTransactionTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final GlobalPosition REACHED = new GlobalPosition(5);

    private final DataSource dataSource = postgres.database().dataSource();
    private final DataSource admin = postgres.database().adminDataSource();
    private final PostgresCheckpoints checkpoints = new PostgresCheckpoints(dataSource);

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    private Checkpoint held() {
        return SubscriptionNode.of(checkpoints, SubscriptionNode.newSubscription(checkpoints, 1))
                .renewed()
                .get(0);
    }

    private GlobalPosition position(Checkpoint held) {
        return checkpoints.segments(held.segment().subscription()).get(0).position();
    }

    private Connection current() {
        return DataSourceUtils.getConnection(dataSource);
    }

    @Test
    void whatTheWorkThrowsPassesThroughAndRollsBack() {
        Checkpoint held = held();
        for (RuntimeException thrown : List.of(
                new IllegalArgumentException("no"),
                new TransactionSystemException("no"),
                new DataIntegrityViolationException("no", new SQLException("no", "23505")))) {
            assertThat(catchThrowable(() -> checkpoints.inTransaction(() -> {
                        checkpoints.advance(held, REACHED);
                        throw thrown;
                    })))
                    .isSameAs(thrown);
        }
        assertThat(position(held)).isEqualTo(GlobalPosition.START);
    }

    /** Or a retry that fails would end the caller's transaction, and what the caller does would undo what is noted. */
    @Test
    void isATransactionOfItsOwnWhateverBecomesOfTheOneAroundIt() {
        Checkpoint held = held();

        new TransactionTemplate(new DataSourceTransactionManager(dataSource)).executeWithoutResult(status -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> checkpoints.inTransaction(() -> {
                        checkpoints.advance(held, REACHED);
                        throw new IllegalStateException("no");
                    }));
            assertThat(status.isRollbackOnly()).isFalse();
            checkpoints.inTransaction(() -> checkpoints.advance(held, REACHED));
            status.setRollbackOnly();
        });

        assertThat(position(held)).isEqualTo(REACHED);
    }

    @Test
    void aDatabaseThatIsAwayIsUnavailable() {
        PGSimpleDataSource away = new PGSimpleDataSource();
        away.setUrl("jdbc:postgresql://localhost:1/none?connectTimeout=1");

        assertThatExceptionOfType(EventStoreUnavailableException.class)
                .isThrownBy(() -> new PostgresCheckpoints(away).inTransaction(() -> {}))
                .withMessageContaining("No connection");
    }

    @Test
    void aCommitThatIsRefusedIsRefused() {
        Checkpoint held = held();
        Sql.execute(
                dataSource,
                "create table checked_late (n int unique deferrable initially deferred)",
                "insert into checked_late values (1)");

        assertThatExceptionOfType(EventStoreRefusedException.class)
                .isThrownBy(() -> checkpoints.inTransaction(() -> {
                    Sql.execute(current(), "insert into checked_late values (1)");
                    checkpoints.advance(held, REACHED);
                }))
                .withMessageContaining("23505");
        assertThat(position(held)).isEqualTo(GlobalPosition.START);
    }

    @Test
    void aSuspendedOwnerDoesNotKeepItsRowsForEver() {
        checkpoints.inTransaction(() -> assertThat(Sql.texts(current(), "show idle_in_transaction_session_timeout"))
                .containsExactly("30s"));

        PGSimpleDataSource impatient = (PGSimpleDataSource) postgres.database().dataSource();
        impatient.setOptions("-c idle_in_transaction_session_timeout=7s");
        new PostgresCheckpoints(impatient)
                .inTransaction(() -> assertThat(Sql.texts(
                                DataSourceUtils.getConnection(impatient), "show idle_in_transaction_session_timeout"))
                        .as("a shorter one stays")
                        .containsExactly("7s"));
    }

    @Test
    void aSessionThatPostgresEndedIsUnavailable() {
        Checkpoint held = held();

        assertThatExceptionOfType(EventStoreUnavailableException.class)
                .isThrownBy(() -> checkpoints.inTransaction(() -> {
                    String pid = Sql.texts(current(), "select pg_backend_pid()").get(0);
                    Sql.execute(current(), "set local idle_in_transaction_session_timeout = '1ms'");
                    Awaitility.await()
                            .until(() -> Sql.texts(admin, "select 1 from pg_stat_activity where pid = ?::int", pid)
                                    .isEmpty());
                    checkpoints.advance(held, REACHED);
                }))
                .withMessageContaining("surrounding transaction is lost");
        assertThat(position(held)).isEqualTo(GlobalPosition.START);
    }

    @Test
    void aTransactionManagerOfAnotherDataSourceIsRefused() {
        DataSource another = postgres.database().dataSource();
        PostgresCheckpoints mixed = new PostgresCheckpoints(
                dataSource, EventStoreSchema.DEFAULT_NAME, new DataSourceTransactionManager(another));

        assertThatExceptionOfType(StopSubscriptionException.class)
                .isThrownBy(() -> mixed.inTransaction(() -> {
                    throw new AssertionError("ran");
                }))
                .withMessageContainingAll("transaction manager", "Nothing was done");
    }

    @Test
    void aTransactionManagerThatCannotBeginOneIsTheConfigurationsFault() {
        for (TransactionException error : List.of(
                new CannotCreateTransactionException("The EntityManagerFactory is closed."),
                new IllegalTransactionStateException("There is a transaction of another kind."),
                new InvalidIsolationLevelException("No isolation levels."))) {
            PostgresCheckpoints unable = new PostgresCheckpoints(
                    dataSource, dataSource, EventStoreSchema.DEFAULT_NAME, new UnableTransactionManager(error));

            assertThatExceptionOfType(StopSubscriptionException.class)
                    .isThrownBy(() -> unable.inTransaction(() -> {
                        throw new AssertionError("ran");
                    }))
                    .withMessageContainingAll(error.getMessage(), "Nothing was done")
                    .withCause(error);
        }
    }

    private record UnableTransactionManager(TransactionException error) implements PlatformTransactionManager {

        @Override
        public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
            throw error;
        }

        @Override
        public void commit(TransactionStatus status) {
            throw error;
        }

        @Override
        public void rollback(TransactionStatus status) {
            throw error;
        }
    }
}
