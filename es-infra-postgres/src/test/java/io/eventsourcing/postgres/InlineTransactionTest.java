package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventNotProjectedException;
import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;
import io.eventsourcing.core.readmodel.ReadModelPort;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.projection.Projection;
import io.eventsourcing.projection.ProjectionDefinition;
import io.eventsourcing.projection.ProjectionMode;
import io.eventsourcing.projection.ProjectionSettings;
import io.eventsourcing.projection.Projections;
import io.eventsourcing.projection.ReadModels;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Inline projections in the transactions of the application, in those of commands, and with the login of the application. */
class InlineTransactionTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    @ReadModel(table = "inline_count")
    record Count(@Id String stream, long notes) {}

    @Projection(name = "counts", mode = ProjectionMode.INLINE)
    static final class Counts {
        private final ReadModelUpdaterPort<Count> rows;

        Counts(ReadModelUpdaterPort<Count> rows) {
            this.rows = rows;
        }

        @EventHandler
        void noted(Noted event, RecordedEvent recorded) {
            if (event.text().equals("broken")) {
                throw new IllegalStateException("a defect");
            }
            String stream = recorded.stream().id();
            rows.upsert(new Count(stream, rows.get(stream).map(Count::notes).orElse(0L) + 1));
        }
    }

    private final String schema = "inline_" + SCHEMAS.incrementAndGet();
    private final HikariDataSource application = pool(postgres.database().user() + "_app");
    private final HikariDataSource system = pool(postgres.database().user() + "_sys");
    private final TransactionTemplate callers = new TransactionTemplate(new DataSourceTransactionManager(application));
    private PostgresEventStore events;
    private LogTail tail;
    private Subscriptions subscriptions;
    private Projections projections;
    private ReadModels readModels;
    private ReadModelPort<Count> counts;

    private static HikariDataSource pool(String login) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.database().url());
        config.setUsername(login);
        config.setPassword("secret");
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    @BeforeEach
    void runTheProjection() {
        EventStoreRoles roles = new EventStoreRoles(application.getUsername(), system.getUsername());
        JdbcTemplate admin = new JdbcTemplate(postgres.database().adminDataSource());
        for (String role : List.of(roles.application(), roles.system())) {
            if (admin.queryForObject("select count(*) from pg_roles where rolname = ?", Integer.class, role) == 0) {
                admin.execute("create role " + role + " login password 'secret'");
            }
        }
        new EventStoreSchema(postgres.database().dataSource(), schema)
                .withRoles(roles)
                .migrate();
        ReadModelTables tables = new ReadModelTables(
                postgres.database().dataSource(), schema, schema, ReadModelTables.Mode.CREATE, roles);
        events = new PostgresEventStore(application, Noted.SERIALIZATION, schema);
        PostgresEventLog log = new PostgresEventLog(system, Noted.SERIALIZATION, schema);
        PostgresCheckpoints checkpoints = new PostgresCheckpoints(system, schema);
        tail = new LogTail(log, Noted.SERIALIZATION, TailSettings.DEFAULT);
        subscriptions = new Subscriptions(
                tail,
                log,
                checkpoints,
                new SubscriptionSettings("node", Duration.ofSeconds(3), Duration.ofSeconds(10)));
        readModels = new ReadModels(new PostgresReadModels(system, application, tables), Noted.SERIALIZATION.json());
        projections = new Projections(
                subscriptions,
                checkpoints,
                log,
                new PostgresProjections(system, system, schema, tables),
                new PostgresInlineProjections(application, events, schema, tables),
                readModels,
                ProjectionSettings.DEFAULT);
        projections.start(ProjectionDefinition.of(
                new Counts(readModels.updater(Count.class)), Noted.SERIALIZATION.eventTypes(), List.of(Count.class)));
        counts = readModels.reader(Count.class);
    }

    @AfterEach
    void close() {
        projections.close();
        subscriptions.close();
        tail.close();
        application.close();
        system.close();
    }

    private static AppendRequest note(String stream, String text) {
        return AppendRequest.of(StreamId.of("note", stream), ExpectedVersion.any(), new Noted(text));
    }

    private long count(String stream) {
        return counts.get(stream).map(Count::notes).orElse(0L);
    }

    @Test
    void rowsAreThoseOfTheTransactionAndGoneWithIt() {
        callers.executeWithoutResult(status -> {
            events.append(note("a", "one"));
            events.append(note("a", "two"));
            assertThat(count("a")).as("within the transaction").isEqualTo(2);
            status.setRollbackOnly();
        });
        assertThat(count("a")).isZero();
        assertThat(events.exists(StreamId.of("note", "a"))).isFalse();

        callers.executeWithoutResult(status -> events.append(note("a", "one")));
        assertThat(count("a")).isEqualTo(1);
    }

    @Test
    void anAppendThatFailsIsUndoneAndTheRestOfTheTransactionIsNot() {
        callers.executeWithoutResult(status -> {
            events.append(note("a", "one"));
            assertThatExceptionOfType(EventNotProjectedException.class)
                    .isThrownBy(() -> events.append(note("b", "broken")));
            events.append(note("c", "three"));
        });
        assertThat(count("a")).isEqualTo(1);
        assertThat(count("c")).isEqualTo(1);
        assertThat(events.exists(StreamId.of("note", "b"))).isFalse();
    }

    @Test
    void theTenantOfTheTransactionStaysAsTheCallerHasSetIt() {
        JdbcTemplate jdbc = new JdbcTemplate(application);
        callers.executeWithoutResult(status -> {
            jdbc.queryForObject("select set_config('eventsourcing.tenant', 'callers', true)", String.class);
            events.append(note("a", "one"));
            assertThat(jdbc.queryForObject("select current_setting('eventsourcing.tenant')", String.class))
                    .isEqualTo("callers");
        });
    }

    @Test
    void rowsBelongToTheTenantOfTheAppend() {
        TenantId other = TenantId.of("other");
        events.append(note("a", "one"));
        TenantContext.run(other, () -> {
            events.append(note("a", "one"));
            events.append(note("a", "two"));
        });
        assertThat(count("a")).isEqualTo(1);
        assertThat(TenantContext.call(other, () -> count("a"))).isEqualTo(2);
    }

    @ReadModel(table = "inline_nothing")
    record Nothing(@Id String key) {}

    @Test
    void aTableThatNobodyHasMadeIsNamed() {
        assertThatExceptionOfType(EventStoreRefusedException.class)
                .isThrownBy(() -> readModels.reader(Nothing.class).get("a"))
                .withMessageContainingAll("42P01", "The table of the read model 'inline_nothing' is made when");
    }

    @Test
    void eventsOfCommandsAreHandledWhenTheyEnd() {
        PostgresCommandStore commands = new PostgresCommandStore(application, system, events, schema);
        StreamId stream = StreamId.of("note", UUID.randomUUID().toString());
        CommandCompletion completion =
                new CommandCompletion(Commands.to(stream), null, Success.NOTHING, note(stream.id(), "one"));
        commands.complete(completion);
        assertThat(count(stream.id())).isEqualTo(1);
        assertThat(commands.complete(completion).wasKnown()).isTrue();
        assertThat(count(stream.id())).isEqualTo(1);

        StreamId broken = StreamId.of("note", UUID.randomUUID().toString());
        var command = Commands.to(broken);
        assertThatThrownBy(() -> commands.complete(
                        new CommandCompletion(command, null, Success.NOTHING, note(broken.id(), "broken"))))
                .isInstanceOf(EventNotProjectedException.class);
        assertThat(commands.find(broken.tenant(), command.id())).isEmpty();
        assertThat(events.exists(broken)).isFalse();
    }
}
