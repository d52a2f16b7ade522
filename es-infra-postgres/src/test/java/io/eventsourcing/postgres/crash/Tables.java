package io.eventsourcing.postgres.crash;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the tables hold, read past the library: by plain SQL, as the administrator, whom no policy binds. */
final class Tables {

    private final JdbcClient sql;

    Tables(DataSource administrator) {
        this.sql = JdbcClient.create(administrator);
    }

    record EventRow(long position, String stream, long version, UUID id, String type, String text, List<String> tags) {}

    /** Fails if an event id is there twice. */
    Map<UUID, EventRow> events(String tenant) {
        return sql
                .sql("""
                        select position, stream_id, version, event_id, type, payload ->> 'text' as text, tags
                        from eventsourcing.event where tenant = ? and stream_type = 'crash'
                        """)
                .param(tenant)
                .query((row, number) -> new EventRow(
                        row.getLong("position"),
                        row.getString("stream_id"),
                        row.getLong("version"),
                        row.getObject("event_id", UUID.class),
                        row.getString("type"),
                        row.getString("text"),
                        List.of((String[]) row.getArray("tags").getArray())))
                .stream()
                .collect(Collectors.toMap(EventRow::id, Function.identity()));
    }

    /** Streams whose versions are not 1, 2, 3 and so on, in the order of the positions. */
    List<String> streamsOutOfOrder(String tenant) {
        return sql.sql("""
                        select distinct stream_id
                        from (select stream_id, version, row_number() over (
                                  partition by tenant, stream_type, stream_id order by position) as place
                              from eventsourcing.event where tenant = ?) as e
                        where version <> place
                        """).param(tenant).query(String.class).list();
    }

    /** Rows that the tag table has too many, or lacks. */
    List<String> wrongTags(String tenant) {
        return sql.sql("""
                        with due as (select t.tag, e.position
                                     from eventsourcing.event e, unnest(e.tags) as t (tag) where e.tenant = :tenant),
                             found as (select tag, position from eventsourcing.event_tag where tenant = :tenant)
                        select 'missing ' || d from (table due except all table found) as d
                        union all
                        select 'extra ' || f from (table found except all table due) as f
                        """).param("tenant", tenant).query(String.class).list();
    }

    /** Each stream's snapshot: its version, and the append that it names. */
    Map<String, String> snapshots(String tenant) {
        return sql.sql("""
                        select stream_id, version || ' by ' || (state ->> 'append') as snapshot
                        from eventsourcing.snapshot where tenant = ?
                        """).param(tenant).query((row, number) -> Map.entry(row.getString(1), row.getString(2))).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Backends that are in an append at this moment. */
    List<Long> appendingBackends() {
        return sql.sql("""
                        select pid from pg_stat_activity
                        where state = 'active' and query like '%append_events%' and pid <> pg_backend_pid()
                        order by pid
                        """).query(Long.class).list();
    }

    long backendsOf(String applicationName) {
        return sql.sql("select count(*) from pg_stat_activity where application_name = ?")
                .param(applicationName)
                .query(Long.class)
                .single();
    }

    boolean terminate(long pid) {
        return sql.sql("select pg_terminate_backend(?::int)")
                .param(pid)
                .query(Boolean.class)
                .single();
    }
}
