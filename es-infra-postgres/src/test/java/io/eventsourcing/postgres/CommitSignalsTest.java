package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A signal comes when an append's transaction is over, so that who reads the log then finds the event. */
class CommitSignalsTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final DataSource dataSource = postgres.database().dataSource();
    private final PostgresEventStore store = new PostgresEventStore(dataSource, Noted.SERIALIZATION);
    private final EventLogPort log = new PostgresEventLog(postgres.database().dataSource(), Noted.SERIALIZATION);
    private final TransactionTemplate transaction =
            new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicInteger seen = new AtomicInteger();

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    private void listen() {
        LogQuery query = LogQuery.startingAfter(log.now());
        store.onAppend(() -> {
            signals.incrementAndGet();
            seen.set(log.read(query).entries().size());
        });
    }

    @Test
    void atOnceOutsideOfTransactions() {
        listen();

        store.append(Noted.to(Noted.newStream()));

        assertThat(signals).hasValue(1);
        assertThat(seen).hasValue(1);
    }

    @Test
    void onceAfterTheSurroundingTransaction() {
        listen();

        transaction.executeWithoutResult(status -> {
            store.append(Noted.to(Noted.newStream()));
            store.append(Noted.to(Noted.newStream()));
            assertThat(signals).hasValue(0);
        });

        assertThat(signals).hasValue(1);
        assertThat(seen).hasValue(2);
    }

    /** It held the high-water mark back, below events of others. */
    @Test
    void afterARollbackToo() {
        listen();

        transaction.executeWithoutResult(status -> {
            store.append(Noted.to(Noted.newStream()));
            status.setRollbackOnly();
        });

        assertThat(signals).hasValue(1);
    }

    @Test
    void aListenerThatFailsHarmsNobody() {
        store.onAppend(() -> {
            throw new IllegalStateException("broken");
        });
        listen();

        store.append(Noted.to(Noted.newStream()));
        StreamId stream = Noted.newStream();
        transaction.executeWithoutResult(status -> store.append(Noted.to(stream)));

        assertThat(signals).hasValue(2);
        assertThat(store.exists(stream)).isTrue();
    }

    /** Or the workers would look before there is anything to find. */
    @Test
    void commandsOfATransactionAreSignalledAfterIt() {
        PostgresCommandStore commands = new PostgresCommandStore(dataSource, store);
        NewCommand one = Commands.to(Noted.newStream());
        commands.onStored(() ->
                seen.set(commands.find(one.stream().tenant(), one.id()).isPresent() ? 1 : -1));

        transaction.executeWithoutResult(status -> {
            commands.save(List.of(one));
            assertThat(seen).hasValue(0);
        });
        assertThat(seen).hasValue(1);

        commands.onStored(signals::incrementAndGet);
        commands.save(List.of(Commands.to(Noted.newStream())));
        assertThat(signals).hasValue(1);
    }

    @Test
    void anAppendThatIsRefusedKeepsItsError() {
        listen();

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> store.append(
                        AppendRequest.of(Noted.newStream(), ExpectedVersion.streamExists(), new Noted("x"))));
    }
}
