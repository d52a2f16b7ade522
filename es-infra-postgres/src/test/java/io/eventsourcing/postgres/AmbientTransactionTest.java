package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.snapshot.SnapshotType;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

class AmbientTransactionTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final DataSource dataSource = postgres.database().dataSource();
    private final PostgresEventStore store = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
    private final StreamId stream = Noted.newStream();
    private final TransactionTemplate transaction =
            new TransactionTemplate(new DataSourceTransactionManager(dataSource));

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @Test
    void appendIsRolledBackWithTheSurroundingTransaction() {
        transaction.executeWithoutResult(status -> {
            store.append(Noted.to(stream));
            assertThat(store.load(stream).toList()).hasSize(1);
            status.setRollbackOnly();
        });

        assertThat(store.load(stream).exists()).isFalse();
    }

    @Test
    void appendIsInvisibleToOthersUntilTheSurroundingTransactionCommits() {
        transaction.executeWithoutResult(status -> {
            store.append(Noted.to(stream));
            assertThat(Sql.number(
                            postgres.database().adminDataSource(),
                            "select count(*) from eventsourcing.event where stream_id = ?",
                            stream.id()))
                    .isZero();
        });

        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(1));
    }

    @Test
    void severalAppendsInOneTransactionSeeEachOther() {
        transaction.executeWithoutResult(status -> {
            store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Noted("1")));
            store.append(AppendRequest.of(stream, ExpectedVersion.exactly(1), new Noted("2"), new Noted("3")));
            store.append(AppendRequest.of(stream, ExpectedVersion.exactly(3), new Noted("4")));
        });

        assertThat(store.load(stream).stream().map(event -> event.version().value()))
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void transactionGoesOnAfterAConflict() {
        store.append(Noted.to(stream));
        StreamId other = Noted.newStream();

        transaction.executeWithoutResult(status -> {
            assertThatExceptionOfType(VersionConflictException.class)
                    .isThrownBy(
                            () -> store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Noted("no"))));
            store.append(AppendRequest.of(stream, ExpectedVersion.exactly(1), new Noted("yes")));
            store.append(Noted.to(other));
        });

        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(2));
        assertThat(store.exists(other)).isTrue();
    }

    @Test
    void rollbackToASavepointUndoesOnlyWhatCameAfterIt() {
        transaction.executeWithoutResult(status -> {
            store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Noted("kept")));
            Object savepoint = status.createSavepoint();
            store.append(AppendRequest.of(stream, ExpectedVersion.exactly(1), new Noted("undone")));
            status.rollbackToSavepoint(savepoint);
            store.append(AppendRequest.of(stream, ExpectedVersion.exactly(1), new Noted("after")));
        });

        assertThat(store.load(stream).stream().map(event -> ((Noted) event.payload()).text()))
                .containsExactly("kept", "after");
    }

    @Test
    void releasedSavepointKeepsWhatCameAfterIt() {
        transaction.executeWithoutResult(status -> {
            Object savepoint = status.createSavepoint();
            store.append(Noted.to(stream));
            status.releaseSavepoint(savepoint);
            store.append(AppendRequest.of(stream, ExpectedVersion.exactly(1), new Noted("2")));
        });

        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(2));
    }

    @Test
    void retryInALaterTransactionIsAcknowledgedWithTheOriginalPositions() {
        NewEvent event = NewEvent.of(new Noted("once"));
        AppendRequest request = AppendRequest.of(stream, ExpectedVersion.any(), List.of(event));
        AppendResult first = store.append(request);

        AppendResult retry = transaction.execute(status -> store.append(request));

        assertThat(retry).isEqualTo(new AppendResult(stream, first.version(), first.positions(), true));
        assertThat(store.load(stream).toList()).hasSize(1);
    }

    @Test
    void appendsOfTwoTenantsCanShareATransaction() {
        StreamId ofA = stream.inTenant(TenantId.of("a"));
        StreamId ofB = stream.inTenant(TenantId.of("b"));

        transaction.executeWithoutResult(status -> {
            store.append(Noted.to(ofA));
            store.append(Noted.to(ofB));
            store.append(Noted.to(ofA));
        });

        assertThat(store.currentVersion(ofA)).isEqualTo(StreamVersion.of(2));
        assertThat(store.currentVersion(ofB)).isEqualTo(StreamVersion.of(1));
    }

    @SnapshotType("text")
    record Text(String value) {}

    @Test
    void callersTenantSettingIsRestored() {
        transaction.executeWithoutResult(status -> {
            var connection = DataSourceUtils.getConnection(dataSource);
            Sql.texts(connection, "select set_config('eventsourcing.tenant', 'mine', true)");

            store.append(Noted.to(stream));
            store.load(stream);
            store.loadBackward(stream, 1);
            store.existing(List.of(stream));
            store.loadWithSnapshot(stream, Text.class);
            store.save(new Snapshot<>(stream, StreamVersion.FIRST, new Text("x")));
            store.latest(stream, Text.class);
            store.deleteAll(stream);
            store.appendAll(List.of(Noted.to(stream), Noted.to(Noted.newStream())));
            store.archive(stream);

            assertThat(Sql.texts(connection, "select current_setting('eventsourcing.tenant')"))
                    .containsExactly("mine");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE})
    void refusesRepeatableReadAndSerializableByName(int isolation) {
        transaction.setIsolationLevel(isolation);
        String name = isolation == TransactionDefinition.ISOLATION_SERIALIZABLE ? "serializable" : "repeatable read";

        transaction.executeWithoutResult(status -> {
            assertThatExceptionOfType(UnsupportedTransactionException.class)
                    .isThrownBy(() -> store.append(Noted.to(stream)))
                    .withMessageContainingAll("'" + name + "'", "READ COMMITTED", "Nothing was written");
            assertThatExceptionOfType(UnsupportedTransactionException.class).isThrownBy(() -> store.archive(stream));
            assertThatExceptionOfType(UnsupportedTransactionException.class).isThrownBy(() -> store.deleteAll(stream));
            assertThat(store.load(stream).exists())
                    .as("the transaction can go on reading")
                    .isFalse();
        });

        assertThat(store.exists(stream)).isFalse();
    }

    @Test
    void refusesAReadOnlyTransactionByName() {
        transaction.setReadOnly(true);

        transaction.executeWithoutResult(status -> assertThatExceptionOfType(UnsupportedTransactionException.class)
                .isThrownBy(() -> store.append(Noted.to(stream)))
                .withMessageContaining("read-only"));

        assertThat(store.exists(stream)).isFalse();
    }
}
