package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.eventsourcing.core.command.CommandHandler;
import io.eventsourcing.core.command.CommandHandlers;
import io.eventsourcing.core.command.CommandObserver;
import io.eventsourcing.core.command.CommandRequest;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandSettings;
import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.command.TargetId;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** What a command's handler writes, its end, and the transaction around both. */
@Timeout(60)
class CommandTransactionTest {

    @CommandType("note-down")
    record NoteDown(@TargetId String id, Outcome outcome) {}

    /** How the handler ends after it has written. */
    enum Outcome {
        WELL,
        REJECTED,
        FAILED
    }

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final DataSource dataSource = postgres.database().dataSource();
    private final PostgresEventStore events = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
    private final PostgresCommandStore commands = new PostgresCommandStore(dataSource, events);
    private final DirectCommandBus bus = node(CommandSettings.DEFAULT);
    private final TransactionTemplate callers = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    private final String id = UUID.randomUUID().toString();
    private @Nullable CyclicBarrier together;

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @CommandHandler
    CommandResult noteDown(NoteDown command) throws Exception {
        if (together != null) {
            together.await();
        }
        events.append(Noted.to(StreamId.of("note", command.id())));
        return switch (command.outcome()) {
            case WELL -> CommandResult.Success.NOTHING;
            case REJECTED -> Rejection.of("no", "no");
            case FAILED -> throw new IllegalStateException("after it has written");
        };
    }

    private int written() {
        return events.load(StreamId.of("note", id)).toList().size();
    }

    private CommandRequest request(Outcome outcome) {
        return CommandRequest.of(new NoteDown(id, outcome));
    }

    private boolean isStored(CommandRequest request) {
        return commands.find(request.tenant(), request.id()).isPresent();
    }

    @Test
    void whatAHandlerWroteIsUndoneUnlessItEndsWell() {
        CommandRequest rejected = request(Outcome.REJECTED);
        assertThat(bus.execute(rejected)).isEqualTo(Rejection.of("no", "no"));
        assertThat(isStored(rejected)).isTrue();

        CommandRequest failed = request(Outcome.FAILED);
        assertThatIllegalStateException().isThrownBy(() -> bus.execute(failed));
        assertThat(isStored(failed)).isFalse();
        assertThat(written()).isZero();

        bus.execute(request(Outcome.WELL));
        assertThat(written()).isEqualTo(1);
    }

    /** Both have begun before the first one ends. */
    @Test
    void ofTwoThatExecuteOneCommandAtTheSameTimeOneWrites() {
        together = new CyclicBarrier(2);
        CommandRequest request = request(Outcome.WELL);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            List<CompletableFuture<CommandResult>> results = List.of(
                    CompletableFuture.supplyAsync(() -> bus.execute(request), pool),
                    CompletableFuture.supplyAsync(() -> secondNode().execute(request), pool));
            assertThat(results).extracting(CompletableFuture::join).containsOnly(CommandResult.Success.NOTHING);
        } finally {
            pool.shutdownNow();
        }
        assertThat(written()).isEqualTo(1);
    }

    /** The one before it in the queue may wait for what this very transaction holds. */
    @Test
    void withinATransactionACommandWaitsForNoOtherOneOfItsNode() {
        DirectCommandBus patient = node(new CommandSettings(CommandSettings.DEFAULT.conflicts(), Duration.ofHours(1)));
        CyclicBarrier both = new CyclicBarrier(2);
        together = both;
        CommandRequest request = request(Outcome.WELL);
        CompletableFuture<CommandResult> ahead =
                CompletableFuture.supplyAsync(() -> patient.execute(request), task -> new Thread(task).start());
        Awaitility.await().until(() -> both.getNumberWaiting() == 1);

        callers.executeWithoutResult(
                status -> assertThat(patient.execute(request).isSuccess()).isTrue());

        assertThat(ahead.join().isSuccess()).isTrue();
        assertThat(written()).isEqualTo(1);
    }

    /** On one node they would queue up. */
    private DirectCommandBus secondNode() {
        return node(CommandSettings.DEFAULT);
    }

    private DirectCommandBus node(CommandSettings settings) {
        return new DirectCommandBus(
                CommandHandlers.builder(events, events, commands)
                        .methods(this, CommandTransactionTest.class)
                        .build(Noted.SERIALIZATION),
                List.of(),
                settings,
                CommandObserver.NONE);
    }

    /** Whoever schedules without an id of his own cannot send it again. */
    @Test
    void aCommandWhoseAcknowledgementIsLostIsStoredOnce() {
        DataSource losing = new ConnectionsInTurn(answersLost(), dataSource);
        NewCommand command = Commands.to(Noted.newStream());

        new PostgresCommandStore(losing, new PostgresEventStore(losing, Noted.SERIALIZATION)).save(List.of(command));

        assertThat(commands.find(command.stream().tenant(), command.id())).isPresent();
    }

    /** What is done is done; but nobody hears of it. */
    private DataSource answersLost() {
        return new DelegatingDataSource(dataSource) {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                return proxy(
                        Connection.class,
                        connection,
                        statement -> proxy(PreparedStatement.class, (PreparedStatement) statement, rows -> {
                            throw new SQLException("The connection was lost.", "08006");
                        }));
            }
        };
    }

    /** Answers what a function makes of what it would answer: of a statement for a connection, of rows for a statement. */
    private static <T> T proxy(Class<T> type, T target, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            Object result = method.invoke(target, args);
            return result instanceof PreparedStatement || result instanceof ResultSet ? answer.of(result) : result;
        }));
    }

    @FunctionalInterface
    private interface Answer {
        Object of(Object result) throws SQLException;
    }

    @Test
    void aTransactionThatIsRolledBackTakesTheCommandWithIt() {
        CommandRequest request = request(Outcome.WELL);
        callers.executeWithoutResult(status -> {
            assertThat(bus.execute(request).isSuccess()).isTrue();
            assertThat(isStored(request)).isTrue();
            status.setRollbackOnly();
        });
        assertThat(isStored(request)).isFalse();
        assertThat(written()).isZero();

        assertThat(bus.execute(request).isSuccess()).isTrue();
        assertThat(written()).isEqualTo(1);
    }

    @Test
    void aTransactionGoesOnAfterACommandThatFailedWithinIt() {
        CommandRequest well = request(Outcome.WELL);
        callers.executeWithoutResult(status -> {
            assertThatIllegalStateException().isThrownBy(() -> bus.execute(request(Outcome.FAILED)));
            assertThat(bus.execute(request(Outcome.REJECTED))).isInstanceOf(Rejection.class);
            assertThat(bus.execute(well).isSuccess()).isTrue();
        });
        assertThat(written()).isEqualTo(1);
        assertThat(isStored(well)).isTrue();
    }
}
