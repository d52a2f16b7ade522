package io.eventsourcing.postgres;

import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.SegmentId;
import io.eventsourcing.core.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Lists the events that wait, and takes them out of their queues. */
final class ParkedQueues {

    private static final int LIST_PARAMETERS = 4;
    private static final int CHANGE_PARAMETERS = 3;
    private static final int LONGEST_REASON = 1000;

    private final StoreConnection connection;
    private final String keysSql;
    private final String listSql;
    private final String unparkSql;
    private final String failedSql;
    private final String discardSql;

    ParkedQueues(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.keysSql = schema.call("parked_keys", 2);
        this.listSql = schema.call("parked_events", LIST_PARAMETERS);
        this.unparkSql = schema.callScalar("unpark_event", 2);
        this.failedSql = schema.callScalar("parked_event_failed", CHANGE_PARAMETERS);
        this.discardSql = schema.callScalar("discard_parked_event", CHANGE_PARAMETERS);
    }

    Set<String> keys(SegmentId segment) {
        return connection.run(keysSql, statement -> {
            new Binder(statement).text(segment.subscription()).integer(segment.number());
            Set<String> keys = new HashSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    keys.add(row.getString(1));
                }
            }
            return Set.copyOf(keys);
        });
    }

    List<ParkedEvent> list(ParkedQuery query) {
        return connection.run(listSql, statement -> {
            new Binder(statement)
                    .text(query.subscription())
                    .text(query.key())
                    .bigint(query.after().value())
                    .integer(query.limit());
            List<ParkedEvent> events = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    events.add(event(row));
                }
            }
            return List.copyOf(events);
        });
    }

    private static ParkedEvent event(ResultSet row) throws SQLException {
        return new ParkedEvent(
                new SegmentId(row.getString("subscription"), row.getInt("segment")),
                row.getString("key"),
                new GlobalPosition(row.getLong("position")),
                new EventId(row.getObject("event_id", UUID.class)),
                new StreamId(
                        TenantId.of(row.getString("tenant")), row.getString("stream_type"), row.getString("stream_id")),
                row.getInt("attempts"),
                row.getString("error"),
                row.getTimestamp("parked_at").toInstant());
    }

    boolean unpark(ParkedEvent event) {
        return connection.run(unparkSql, statement -> {
            bind(new Binder(statement), event);
            return isChanged(statement.executeQuery());
        });
    }

    void failedAgain(ParkedEvent event, String error) {
        connection.run(failedSql, statement -> {
            bind(new Binder(statement), event).text(storable(error));
            return statement.execute();
        });
    }

    boolean discard(ParkedEvent event, String reason) {
        if (reason.isEmpty() || reason.length() > LONGEST_REASON) {
            throw new IllegalArgumentException("The reason to discard the event at position " + event.position()
                    + " has " + reason.length() + " characters. It still waits. Give 1 to " + LONGEST_REASON + ".");
        }
        return connection.run(discardSql, statement -> {
            bind(new Binder(statement), event).text(storable(reason));
            return isChanged(statement.executeQuery());
        });
    }

    private static Binder bind(Binder binder, ParkedEvent event) throws SQLException {
        return binder.text(event.segment().subscription())
                .bigint(event.position().value());
    }

    private static boolean isChanged(ResultSet result) throws SQLException {
        try (ResultSet row = result) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** The message of an error may hold anything, such as NUL; an event must not stay unparked because of that. */
    static String storable(String text) {
        String withoutNul = text.replace('\0', '\uFFFD');
        return new String(withoutNul.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
