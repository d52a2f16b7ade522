package io.eventsourcing.benchmarks;

import javax.sql.DataSource;

/**
 * The same events in the library's log and in Axon's: each key has the same number of them, and those of all keys alternate.
 *
 * @param keys how many keys
 * @param eventsOfEach how many events of each
 */
record FixedLog(int keys, int eventsOfEach) {

    private static final String EVENTS = """
            select (i %% %1$d) as k, i / %1$d + 1 as n,
                   format('{"key":"k-%%s","number":%%s,"text":"%3$s"}', i %% %1$d, i / %1$d + 1) as payload
            from generate_series(0::bigint, %1$d::bigint * %2$d - 1) as i order by i""";

    private static final String OURS = """
            do $$
            begin
                perform set_config('eventsourcing.tenant', 'default', true);
                insert into eventsourcing.event
                    (tenant, stream_type, stream_id, version, event_id, type, schema_version, payload, metadata, tags, recorded_at)
                select 'default', 'line', 'k-' || k, n, gen_random_uuid(), 'line-changed', 1, payload::jsonb, '{}', '{}', clock_timestamp()
                from (%s) as e;
            end
            $$""";

    private static final String AXONS = """
            insert into DomainEventEntry
                (aggregateIdentifier, sequenceNumber, type, eventIdentifier, metaData, payload, payloadRevision, payloadType, timeStamp)
            select 'k-' || k, n - 1, 'line', gen_random_uuid(), '{}', convert_to(payload, 'UTF8'), null, '%2$s', '2026-01-01T00:00:00Z'
            from (%1$s) as e""";

    int events() {
        return keys * eventsOfEach;
    }

    void fill(DataSource dataSource) {
        String events = EVENTS.formatted(keys, eventsOfEach, LineChanged.TEXT);
        SqlScript.run(
                dataSource,
                OURS.formatted(events),
                AXONS.formatted(events, LineChanged.class.getName()),
                "vacuum analyze eventsourcing.event",
                "vacuum analyze DomainEventEntry");
    }

    /** Fails unless the table holds the last event of each key. */
    void check(DataSource dataSource, String table) {
        long complete = SqlScript.number(
                dataSource,
                "select count(*) from " + table + " where number = " + eventsOfEach + " and key like 'k-%'");
        if (complete != keys) {
            throw new IllegalStateException(table + " holds the last event of " + complete + " of " + keys + " keys.");
        }
    }
}
