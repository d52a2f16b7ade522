package io.eventsourcing.postgres;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.Lease;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.SegmentId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Renews and ends leases. Who gets which segments stands in the migration that creates renew_lease. */
final class RenewLease {

    private static final int PARAMETERS = 6;

    /** Identifiers contain no control characters. */
    private static final String TYPE_SEPARATOR = "\u001f";

    private final StoreConnection connection;
    private final String renewSql;
    private final String leaveSql;

    RenewLease(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.renewSql = schema.call("renew_lease", PARAMETERS);
        this.leaveSql = schema.callScalar("leave", 1);
    }

    List<OwnedSegment> renew(Lease lease) {
        List<String> subscriptions = new ArrayList<>();
        List<String> lookedFor = new ArrayList<>();
        new TreeMap<>(lease.subscriptions()).forEach((subscription, types) -> {
            subscriptions.add(subscription);
            lookedFor.add(String.join(TYPE_SEPARATOR, new TreeSet<>(types)));
        });
        return connection.run(renewSql, statement -> {
            new Binder(statement)
                    .uuid(lease.node())
                    .text(lease.name())
                    .texts(subscriptions)
                    .texts(lookedFor)
                    .texts(lease.leaving().stream().sorted().toList())
                    .integer(Math.toIntExact(lease.duration().toMillis()));
            return owned(statement);
        });
    }

    private static List<OwnedSegment> owned(PreparedStatement statement) throws SQLException {
        List<OwnedSegment> owned = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Checkpoint checkpoint = new Checkpoint(
                        new SegmentId(row.getString("subscription"), row.getInt("segment")),
                        new GlobalPosition(row.getLong("position")),
                        row.getLong("token"));
                owned.add(new OwnedSegment(checkpoint, row.getBoolean("is_surplus"), row.getBoolean("has_parked")));
            }
        }
        return List.copyOf(owned);
    }

    void leave(UUID node) {
        connection.run(leaveSql, statement -> {
            new Binder(statement).uuid(node);
            return statement.execute();
        });
    }
}
