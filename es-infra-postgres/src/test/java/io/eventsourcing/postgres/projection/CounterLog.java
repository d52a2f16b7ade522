package io.eventsourcing.postgres.projection;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.postgres.projection.CounterEvent.Counted;
import io.eventsourcing.postgres.projection.CounterEvent.Opened;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Appends events of counters to streams that have nothing to do with them, and tells by plain SQL, as the administrator, what they come
 * to, and what the table says.
 */
final class CounterLog {

    static final TenantId TENANT = TenantId.of("acme");
    static final String TAG = "counter";

    private static final int STREAMS = 100;

    private final EventStorePort store;
    private final JdbcClient sql;
    private final int counters;

    CounterLog(EventStorePort store, DataSource administrator, int counters) {
        this.store = store;
        this.sql = JdbcClient.create(administrator);
        this.counters = counters;
    }

    /** A row without the version that wrote it. */
    record Count(String name, long events, long total) {}

    /** Makes all counters known. */
    AppendResult open() {
        List<NewEvent> events = IntStream.range(0, counters)
                .mapToObj(CounterLog::name)
                .map(name -> tagged(name, new Opened(name)))
                .toList();
        return store.append(AppendRequest.of(stream(0), ExpectedVersion.any(), events));
    }

    /** Appends events of any counters to any stream. */
    AppendResult count(int events, Random random) {
        return store.append(request(random.nextInt(STREAMS), events, random));
    }

    /** Appends as many events to each stream. */
    void fill(int eventsInAll, Random random) {
        int streamsAtOnce = 10;
        int eventsOfEach = 100;
        for (int done = 0; done < eventsInAll; done += streamsAtOnce * eventsOfEach) {
            int first = random.nextInt(STREAMS);
            store.appendAll(IntStream.range(0, streamsAtOnce)
                    .mapToObj(i -> request((first + i) % STREAMS, eventsOfEach, random))
                    .toList());
        }
    }

    private AppendRequest request(int stream, int events, Random random) {
        List<NewEvent> counted = IntStream.range(0, events)
                .mapToObj(i -> name(random.nextInt(counters)))
                .map(name -> tagged(name, new Counted(name, 1 + random.nextInt(1_000))))
                .toList();
        return AppendRequest.of(stream(stream), ExpectedVersion.any(), counted);
    }

    private static StreamId stream(int number) {
        return new StreamId(TENANT, "counting", "s-" + number);
    }

    private static String name(int number) {
        return "c-" + number;
    }

    private static NewEvent tagged(String name, CounterEvent event) {
        return NewEvent.of(event).withTags(Tag.of(TAG, name));
    }

    /** What the table must say when all events are handled. */
    List<Count> truth() {
        return counts("""
                select payload ->> 'counter' as name, count(*) filter (where type = 'counter-counted') as events,
                       coalesce(sum((payload ->> 'amount')::bigint), 0) as total
                from eventsourcing.event group by 1 order by 1""");
    }

    List<Count> rows() {
        return counts("select name, events, total from public.counter order by name");
    }

    private List<Count> counts(String query) {
        return sql.sql(query)
                .query((row, number) -> new Count(row.getString("name"), row.getLong("events"), row.getLong("total")))
                .list();
    }

    long appended() {
        return single("select count(*) from eventsourcing.event where type = 'counter-counted'");
    }

    long counted() {
        return single("select coalesce(sum(events), 0) from public.counter");
    }

    private long single(String query) {
        return sql.sql(query).query(Long.class).single();
    }
}
