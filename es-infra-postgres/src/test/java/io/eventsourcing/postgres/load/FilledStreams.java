package io.eventsourcing.postgres.load;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Fills streams by SQL, because a million appends would take minutes. */
final class FilledStreams {

    private static final String TYPE = "load";

    private final JdbcClient sql;
    private final TransactionTemplate transaction;

    FilledStreams(DataSource owner) {
        this.sql = JdbcClient.create(owner);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(owner));
    }

    static StreamId id(String stream) {
        return new StreamId(TenantId.DEFAULT, TYPE, stream);
    }

    /** Streams of as many events each, which hold their version and the text after it; a single one is named by the prefix. */
    void fill(String prefix, int streams, int events, String text) {
        transaction.executeWithoutResult(status -> {
            setTenant();
            sql.sql("""
                            insert into eventsourcing.event (tenant, stream_type, stream_id, version, event_id, type,
                                schema_version, payload, metadata, tags, recorded_at)
                            select 'default', 'load', s.id, n.version,
                                   (lpad(to_hex(hashtext(s.id)), 8, '0') || '-0000-7000-8000-'
                                       || lpad(to_hex(n.version), 12, '0'))::uuid,
                                   'load-noted', 1, jsonb_build_object('number', n.version, 'text', n.version || :text),
                                   '{}', '{}', clock_timestamp()
                            from (select :prefix || case when :streams = 1 then '' else '-' || i end as id
                                  from generate_series(1, :streams) as i) as s,
                                 generate_series(1, :events) as n (version)
                            """)
                    .param("prefix", prefix)
                    .param("streams", streams)
                    .param("events", events)
                    .param("text", text)
                    .update();
        });
    }

    void snapshot(String stream, long version) {
        transaction.executeWithoutResult(status -> {
            setTenant();
            sql.sql("""
                            insert into eventsourcing.snapshot
                                (tenant, stream_type, stream_id, type, schema_version, version, state, taken_at)
                            values ('default', 'load', :stream, 'load-state', 1, :version,
                                    jsonb_build_object('events', :version), clock_timestamp())
                            """).param("stream", stream).param("version", version).update();
        });
    }

    private void setTenant() {
        sql.sql("select set_config('eventsourcing.tenant', 'default', true)")
                .query(String.class)
                .single();
    }
}
