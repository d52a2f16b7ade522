package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.Sequencing;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A session keeps its plans. Those that it made while the store was empty must still be good when the store has grown, before
 * anything has analysed it: once every look-up read all of the tenant's events.
 */
class PlanTest {

    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final DataSource dataSource = postgres.database().dataSource();

    @Test
    void plansMadeWhileTheStoreWasEmptyStayGood() throws SQLException {
        new EventStoreSchema(dataSource).migrate();
        Sql.execute(
                postgres.database().adminDataSource(),
                "alter table eventsourcing.event set (autovacuum_enabled = off)",
                "alter table eventsourcing.parked_event set (autovacuum_enabled = off)");
        try (Connection connection = dataSource.getConnection()) {
            useEverything(new SingleConnectionDataSource(connection, true));
            useCheckpoints(new SingleConnectionDataSource(connection, true));
            fill();

            for (String call : List.of(
                    "append_usual_event('default', 'note', 'n-1', 1, gen_random_uuid(), 'noted', 1, '{}', null, '{}')",
                    "append_group('default', '{note,note}', '{n-7,n-8}', '{1,1}', '{1,2}', '{1,1}',"
                            + " array[gen_random_uuid(), gen_random_uuid()], '{noted,noted}', '{1,1}', '{\"{}\",\"{}\"}',"
                            + " array[null, null]::text[], '{\"{}\",\"{}\"}', '{a:1,\"\"}')",
                    "append_events('default', '{note,note}', '{n-2,n-3}', '{1,1}', '{1,2}', '{1,1}',"
                            + " array[gen_random_uuid(), gen_random_uuid()], '{noted,noted}', '{1,1}', '{\"{}\",\"{}\"}',"
                            + " array[null, null]::text[], '{\"{}\",\"{}\"}', '{a:1,\"\"}', '{}', '{}', '{}', '{}', '{}')",
                    "load_stream('default', 'note', 'n-4', 1, 9, 100, 1000, null, null)",
                    "load_stream_backward('default', 'note', 'n-5', 9, 100, 1000)",
                    "read_log(40000, 10, 10, 100000, null, '{}', '{}', '{}', false)",
                    "read_log(40000, 10, 10, 100000, 'default', '{}', '{}', '{}', false)",
                    "read_log(40000, 10, 10, 100000, 'default', '{noted}', '{note}', '{}', true)",
                    "read_log(0, 10, 10, 100000, 'another tenant', '{}', '{}', '{}', false)",
                    "read_log(0, 10, 10, 100000, 'default', '{}', '{}', '{a:1}', false)",
                    "existing_streams('default', '{note}', '{n-6}')",
                    "park_event('planned', 0, 1, 0, 'k-1', 60000, 'default', 'note', 'n-1', gen_random_uuid(), 0, null)",
                    "parked_events('planned', null, 40000, 10)",
                    "parked_events('planned', 'k-1', 40000, 10)",
                    "parked_keys('planned', 1)",
                    "renew_lease('00000000-0000-0000-0000-000000000001', 'x', '{planned}', '{}', 60000)")) {
                assertThat(buffersOf(connection, call)).as(call).isLessThan(150);
            }
        }
    }

    private static void useEverything(DataSource onlyConnection) {
        PostgresEventStore store = new PostgresEventStore(onlyConnection, Noted.SERIALIZATION);
        for (int i = 0; i < 7; i++) {
            StreamId stream = Noted.newStream();
            store.append(AppendRequest.of(stream, ExpectedVersion.noStream(), new Noted("append_usual_event")));
            store.append(tagged(stream)); // append_group
            store.appendAll(List.of(Noted.to(stream), tagged(Noted.newStream())));
            PostgresEventLog log = new PostgresEventLog(onlyConnection, Noted.SERIALIZATION);
            LogQuery query = LogQuery.startingAfter(log.now());
            log.read(query);
            log.read(query.matching(LogFilter.ALL.ofTenant(TenantId.DEFAULT)));
            log.read(query.matching(LogFilter.ALL.ofTenant(TenantId.DEFAULT).withTags(Set.of(Tag.of("a", "1")))));
            store.load(stream).toList();
            store.loadBackward(stream, 5).toList();
            store.exists(stream);
        }
    }

    private static void useCheckpoints(DataSource onlyConnection) {
        PostgresCheckpoints checkpoints = new PostgresCheckpoints(onlyConnection);
        checkpoints.register("planned", new Sequencing(16, "by stream"), () -> GlobalPosition.START);
        SubscriptionNode node = new SubscriptionNode(checkpoints, new UUID(0, 1), Set.of("planned"));
        for (int i = 0; i < 7; i++) {
            Checkpoint held = node.renewed().get(0);
            checkpoints.park(held, ParkingRulesTest.behind(1));
            checkpoints.parked(new ParkedQuery("planned", null, GlobalPosition.START, 10));
            checkpoints.parked(new ParkedQuery("planned", "k-1", GlobalPosition.START, 10));
            checkpoints.parkedKeys(held.segment());
        }
    }

    private static AppendRequest tagged(StreamId stream) {
        return AppendRequest.of(
                stream, ExpectedVersion.any(), NewEvent.of(new Noted("x")).withTags(Tag.of("a", "1")));
    }

    private void fill() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            Sql.execute(
                    connection,
                    "set local eventsourcing.tenant = 'default'",
                    "insert into eventsourcing.event (tenant, stream_type, stream_id, version, event_id, type, schema_version,"
                            + " payload, metadata, tags, recorded_at) select 'default', 'note', 'n-' || n, 1,"
                            + " gen_random_uuid(), 'noted', 1, '{}', '{}', '{}', now() from generate_series(1, 50000) n",
                    "insert into eventsourcing.parked_event (subscription, segment, key, position, tenant, stream_type, stream_id,"
                            + " event_id, attempts, parked_at) select 'planned', 0, 'k-' || n % 100, n, 'default', 'note',"
                            + " 'n-' || n, gen_random_uuid(), 0, now() from generate_series(1, 50000) n");
            connection.commit();
        }
    }

    private static long buffersOf(Connection connection, String call) {
        String plan = String.join(
                "\n",
                Sql.texts(connection, "explain (analyze, buffers, costs off) select * from eventsourcing." + call));
        Matcher buffers = BUFFERS.matcher(plan);
        assertThat(buffers.find()).as(plan).isTrue();
        String read = buffers.group(2);
        return Long.parseLong(buffers.group(1)) + (read == null ? 0 : Long.parseLong(read));
    }
}
