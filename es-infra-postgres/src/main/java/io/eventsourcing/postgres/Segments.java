package io.eventsourcing.postgres;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.SegmentId;
import io.eventsourcing.core.subscription.SegmentState;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;

/** Locks a segment, and shows how far segments have come. */
final class Segments {

    private final StoreConnection connection;
    private final String lockSql;
    private final String statesSql;

    Segments(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.lockSql = schema.callScalar("lock_segment", 2);
        this.statesSql = schema.call("segment_states", 1);
    }

    void lock(SegmentId segment) {
        if (!connection.isInTransaction()) {
            throw new IllegalStateException("Segment " + segment
                    + " is to be locked outside of a transaction, where the lock would be gone at once. It was not locked."
                    + " Call lock within inTransaction.");
        }
        connection.run(lockSql, statement -> {
            new Binder(statement).text(segment.subscription()).integer(segment.number());
            return statement.execute();
        });
    }

    List<SegmentState> states(String subscription) {
        return connection.run(statesSql, statement -> {
            new Binder(statement).text(subscription);
            List<SegmentState> states = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    states.add(new SegmentState(
                            new SegmentId(subscription, row.getInt("segment")),
                            new GlobalPosition(row.getLong("position")),
                            row.getString("owner"),
                            row.getLong("parked")));
                }
            }
            return List.copyOf(states);
        });
    }
}
