package io.eventsourcing.postgres.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.eventsourcing.core.event.SnapshotAndEvents;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What a load with a snapshot costs depends on the events after the snapshot, not on the length of the stream. */
class SnapshotLoadCostIT {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    /** More than the six calls after which PostgreSQL may choose another plan. */
    private static final int WARM_UP = 10;

    private final DataSource owner = postgres.database().dataSource();

    /** A stream of 100,000 events and one of 11, each with a snapshot before its last ten, amid a thousand others. */
    @BeforeAll
    static void fill() {
        DataSource owner = postgres.database().dataSource();
        new EventStoreSchema(owner).migrate();
        execute(owner, "alter table eventsourcing.event set (autovacuum_enabled = off)");
        execute(owner, "alter table eventsourcing.snapshot set (autovacuum_enabled = off)");
        FilledStreams streams = new FilledStreams(owner);
        streams.fill("early", 1_000, 50, " and some text");
        streams.fill("long", 1, 100_000, " and some text");
        streams.fill("short", 1, 11, " and some text");
        streams.fill("late", 1_000, 50, " and some text");
        IntStream.rangeClosed(1, 1_000).forEach(i -> streams.snapshot("early-" + i, 40));
        streams.snapshot("long", 99_990);
        streams.snapshot("short", 1);
    }

    @Test
    void isTheSameForALongAndAShortStream() {
        compare("never analysed");
        execute(owner, "analyze eventsourcing.event, eventsourcing.snapshot");
        compare("analysed");
    }

    @Test
    void isThatOfTenEventsByTheLibraryToo() {
        PostgresEventStore store = new PostgresEventStore(owner, LoadEvent.SERIALIZATION);
        SnapshotAndEvents<LoadState> loaded = store.loadWithSnapshot(FilledStreams.id("long"), LoadState.class);

        assertThat(loaded.snapshot().orElseThrow().state()).isEqualTo(new LoadState(99_990));
        assertThat(loaded.events().toList()).hasSize(10);
    }

    private static void compare(String when) {
        int longStream = buffers("long");
        int shortStream = buffers("short");
        System.out.printf(
                "Buffers of a load with a snapshot, %s: %d of 100,000 events, %d of 11 events%n",
                when, longStream, shortStream);
        assertThat(longStream).as(when).isCloseTo(shortStream, withinPercentage(20));
    }

    /** The buffers that the call touches, in a session that has cached its plans. */
    private static int buffers(String stream) {
        SingleConnectionDataSource session = new SingleConnectionDataSource(
                postgres.database().url(),
                postgres.database().user(),
                postgres.database().password(),
                true);
        try (session) {
            String plan = "";
            for (int i = 0; i < WARM_UP; i++) {
                plan = explain(session, stream);
            }
            assertThat(first("Actual Rows", plan)).isEqualTo(10);
            return first("Shared Hit Blocks", plan) + first("Shared Read Blocks", plan);
        }
    }

    private static String explain(DataSource session, String stream) {
        return JdbcClient.create(session)
                .sql("""
                        explain (analyze, buffers, format json)
                        select * from eventsourcing.load_stream(
                            'default', 'load', ?, 1, 9223372036854775807, 100, 2097152, 'load-state', array[1])
                        """)
                .param(stream)
                .query(String.class)
                .single();
    }

    /** The figure of the whole call, which comes first. */
    private static int first(String figure, String plan) {
        Matcher matcher = Pattern.compile("\"" + figure + "\": (\\d+)").matcher(plan);
        assertThat(matcher.find()).as("%s in %s", figure, plan).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private static void execute(DataSource dataSource, String statement) {
        JdbcClient.create(dataSource).sql(statement).update();
    }
}
