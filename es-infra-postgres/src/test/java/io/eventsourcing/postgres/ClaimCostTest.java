package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.command.ClaimRequest;
import io.eventsourcing.core.command.ClaimedCommand;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker finds what it may take, however much waits behind something else, and reads no more for it than a fixed number of rows. */
class ClaimCostTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final Set<String> TYPES = Set.of("note-it");

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
        assertThat(rowsReadByAClaim()).isLessThan(2_500);

        NewCommand last = Commands.to(stream("another"));
        commands.save(List.of(last));
        assertThat(claim(20))
                .extracting(claimed -> claimed.command().id())
                .as("due later than 9,980 others")
                .containsExactly(last.id());
    }

    private long rowsReadByAClaim() throws SQLException {
        try (Connection connection = postgres.database().adminDataSource().getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement claim = connection.prepareStatement(
                            "select count(*) from eventsourcing.take_commands('w', 20, 1000, '{note-it}', null, null, null)");
                    ResultSet row = claim.executeQuery()) {
                row.next();
                assertThat(row.getLong(1)).isZero();
            }
            try (PreparedStatement read = connection.prepareStatement("select idx_tup_fetch + seq_tup_read"
                            + " from pg_stat_xact_user_tables where relid = 'eventsourcing.command'::regclass");
                    ResultSet row = read.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Test
    void theTurnOfEachStreamComes() {
        waiting(2_000, 2);
        List<ClaimedCommand> first = claim(2_000);
        assertThat(first).hasSize(2_000);
        ClaimedCommand free = first.get(1_234);
        commands.release(List.of(free.claim()));
        commands.cancel(free.command().stream().tenant(), free.command().id(), "so that the next one is the first");

        int claims = 0;
        List<ClaimedCommand> found = List.of();
        while (found.isEmpty()) {
            found = claim(4);
            assertThat(++claims).as("claims until it was found").isLessThan(500);
        }
        assertThat(found).extracting(claimed -> claimed.command().stream()).containsExactly(free.command().stream());
    }
}
