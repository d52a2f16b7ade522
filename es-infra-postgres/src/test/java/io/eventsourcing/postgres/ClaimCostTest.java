package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.command.ClaimRequest;
import io.eventsourcing.core.command.ClaimedCommand;
import io.eventsourcing.core.command.Due;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A worker finds what it may take, however much waits behind something else, and reads no more for it than a fixed number of rows. */
class ClaimCostTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final Map<String, Integer> TYPES = Map.of("note-it", 1);

    private static final String CLAIM =
            "select count(*) from eventsourcing.take_commands('w', 20, 3600000, '{note-it}', '{1}', null, null, null, false)";

    private static final ClaimRequest ONE = new ClaimRequest("worker", 1, Duration.ofHours(1), TYPES, null);

    private static final String READ_BLOCKS =
            "select pg_stat_get_xact_blocks_fetched('eventsourcing.command_ready'::regclass)";

    private final DataSource dataSource = postgres.database().dataSource();
    private final PostgresCommandStore commands =
            new PostgresCommandStore(dataSource, new PostgresEventStore(dataSource, Noted.SERIALIZATION));

    @BeforeEach
    void emptyStore() {
        new EventStoreSchema(dataSource).migrate();
        Sql.execute(postgres.database().adminDataSource(), "truncate eventsourcing.command");
    }

    private void waiting(int streams, int each) {
        List<NewCommand> all = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            for (int stream = 0; stream < streams; stream++) {
                all.add(Commands.to(stream("s-" + stream)));
            }
        }
        for (int from = 0; from < all.size(); from += 1_000) {
            commands.save(all.subList(from, Math.min(all.size(), from + 1_000)));
        }
    }

    private static StreamId stream(String id) {
        return StreamId.of("note", id);
    }

    private List<ClaimedCommand> claim(int limit) {
        return commands.claim(new ClaimRequest("worker", limit, Duration.ofHours(1), TYPES, null));
    }

    @Test
    void whatWaitsBehindOthersCostsNothing() throws SQLException {
        waiting(20, 500);
        assertThat(claim(20)).hasSize(20);
        assertThat(claim(20)).as("each stream has one that is being handled").isEmpty();
        assertThat(rowsReadByAClaim()).isLessThan(15_000);
    }

    /** A plan that was made for a store of some size took the index of all commands of a tenant to find the first one of a stream. */
    @ParameterizedTest
    @ValueSource(ints = {0, 50, 100, 150, 200, 250, 300, 400, 1_000})
    void whateverTheSizeForWhichItIsPlannedAClaimFindsStreamsByTheirIndex(int size) throws SQLException {
        commands.save(Stream.generate(() -> Commands.to(Noted.newStream()))
                .limit(size)
                .toList());
        try (Connection connection = postgres.database().adminDataSource().getConnection()) {
            connection.setAutoCommit(false);
            assertThat(number(connection, CLAIM)).isEqualTo(Math.min(20, size));
            assertThat(number(connection, "select pg_stat_get_xact_numscans('eventsourcing.command_listed'::regclass)"))
                    .isZero();
        }
    }

    /** Dead entries of the index stay until the next vacuum: to pass those of some ten thousand commands took longer than all the rest. */
    @Test
    void whatWasHandledSinceTheLastVacuumCostsNothing() throws SQLException {
        commands.save(
                Stream.generate(ClaimCostTest::dueAMinuteAgo).limit(10_000).toList());
        Sql.execute(
                postgres.database().adminDataSource(),
                "alter table eventsourcing.command set (autovacuum_enabled = off)",
                "update eventsourcing.command set status = 'processed', result = '{}', finished_at = now()");
        try (Connection connection = postgres.database().adminDataSource().getConnection()) {
            connection.setAutoCommit(false);
            // the look from the beginning, which there is each second, reads more
            await().until(() -> {
                commands.save(List.of(Commands.to(Noted.newStream())));
                long before = number(connection, READ_BLOCKS);
                assertThat(number(connection, CLAIM)).isOne();
                long read = number(connection, READ_BLOCKS) - before;
                connection.commit();
                return read < 20;
            });
        }
    }

    /** A look that begins where the last one found something would never come to it. */
    @Test
    void whatTurnsOutToHaveBeenDueBeforeWaitsForAMoment() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            DataSource always = new SingleConnectionDataSource(connection, true);
            PostgresCommandStore worker =
                    new PostgresCommandStore(always, new PostgresEventStore(always, Noted.SERIALIZATION));
            commands.save(List.of(Commands.to(Noted.newStream())));
            assertThat(worker.claim(ONE)).hasSize(1);
            NewCommand late = dueAMinuteAgo();
            commands.save(List.of(late));

            await().until(() -> {
                commands.save(List.of(Commands.to(Noted.newStream())));
                return worker.claim(ONE).get(0).command().id().equals(late.id());
            });
        }
    }

    /** Whoever is taking one may have seen the first one of the stream before another one came to be the first. */
    @Test
    void aStreamOfWhichAnotherWorkerIsTakingOneIsLeftToIt() throws SQLException {
        NewCommand command = Commands.to(Noted.newStream());
        commands.save(List.of(command, Commands.to(Noted.newStream())));
        try (Connection another = postgres.database().adminDataSource().getConnection()) {
            another.setAutoCommit(false);
            number(
                    another,
                    "select count(pg_advisory_xact_lock('eventsourcing.command'::regclass::oid::int,"
                            + " hashtext(concat_ws(chr(31), 'default', 'note', '"
                            + command.stream().id() + "'))))");

            assertThat(claim(2)).hasSize(1);

            another.rollback();
            assertThat(claim(2)).extracting(claimed -> claimed.command().id()).containsExactly(command.id());
        }
    }

    /** One who looks for other types has found others, and what he left behind is nothing to him. */
    @Test
    void whereOneLookedForOtherTypesALookBeginsAtTheBeginning() throws SQLException {
        NewCommand other = Commands.to(Noted.newStream());
        commands.save(List.of(
                dueAMinuteAgo(),
                new NewCommand(
                        other.id(),
                        other.stream(),
                        new SerializedPayload(
                                new VersionedType("other", 1), other.payload().json(), null),
                        other.metadata(),
                        Due.NOW),
                Commands.to(Noted.newStream())));
        try (Connection connection = postgres.database().adminDataSource().getConnection()) {
            assertThat(number(connection, CLAIM.replace("note-it", "other"))).isOne();
            assertThat(number(connection, CLAIM)).isEqualTo(2);
        }
    }

    private static NewCommand dueAMinuteAgo() {
        NewCommand now = Commands.to(Noted.newStream());
        return new NewCommand(
                now.id(),
                now.stream(),
                now.payload(),
                now.metadata(),
                Due.at(Instant.now().minusSeconds(60)));
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private long rowsReadByAClaim() throws SQLException {
        try (Connection connection = postgres.database().adminDataSource().getConnection()) {
            connection.setAutoCommit(false);
            assertThat(number(connection, CLAIM)).isZero();
            return number(
                    connection,
                    "select idx_tup_fetch + seq_tup_read from pg_stat_xact_user_tables"
                            + " where relid = 'eventsourcing.command'::regclass");
        }
    }

    /** As many as a look takes, and more. */
    @Test
    void theTurnOfAStreamComesWhoeverElseWaits() {
        waiting(3, 2_000);
        assertThat(claim(3)).hasSize(3);
        NewCommand last = Commands.to(stream("another"));
        commands.save(List.of(last));

        await().until(() ->
                claim(4).stream().anyMatch(claimed -> claimed.command().id().equals(last.id())));
    }

    /** It is ready later than those behind it. */
    @Test
    void aCommandThatWasGivenBackBehindManyOthersOfItsStreamIsTakenAgain() {
        List<NewCommand> later = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            NewCommand soon = Commands.to(stream("o-" + i));
            later.add(new NewCommand(
                    soon.id(), soon.stream(), soon.payload(), soon.metadata(), Due.in(Duration.ofMinutes(30))));
        }
        commands.save(later);
        waiting(1, 400);
        ClaimedCommand first = claim(16).get(0);
        commands.retry(first.claim(), Duration.ZERO, "again", true);

        assertThat(claim(16))
                .extracting(claimed -> claimed.command().id())
                .containsExactly(first.command().id());
    }

    @Test
    void typesThatTheWorkerDoesNotKnowHideNothing() {
        List<NewCommand> unknown = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            NewCommand known = Commands.to(stream("u-" + i));
            VersionedType type = i % 2 == 0 ? new VersionedType("other", 1) : new VersionedType("note-it", 2);
            unknown.add(new NewCommand(
                    known.id(),
                    known.stream(),
                    new SerializedPayload(type, known.payload().json(), null),
                    known.metadata(),
                    Due.NOW));
        }
        commands.save(unknown);
        NewCommand known = Commands.to(stream("known"));
        commands.save(List.of(known));

        assertThat(claim(16)).extracting(claimed -> claimed.command().id()).containsExactly(known.id());
    }
}
