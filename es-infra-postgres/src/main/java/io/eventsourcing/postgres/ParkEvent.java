package io.eventsourcing.postgres;

import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.Parking;
import io.eventsourcing.core.subscription.SegmentLostException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Parks an event and moves the checkpoint to it. What makes that exact stands in the migration that creates park_event. */
final class ParkEvent {

    private static final int PARAMETERS = 12;

    private final StoreConnection connection;
    private final String sql;

    ParkEvent(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.sql = schema.callScalar("park_event", PARAMETERS);
    }

    Optional<Checkpoint> park(Checkpoint held, Parking parking) {
        String outcome = connection.run(sql, statement -> {
            bind(statement, held, parking);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        });
        return switch (outcome) {
            case "parked" -> Optional.of(held.at(parking.event().position()));
            case "not parked" -> Optional.empty();
            case "lost" -> throw new SegmentLostException(held);
            default -> throw new IllegalStateException("The store answered '" + outcome + "', which is not known.");
        };
    }

    private static void bind(PreparedStatement statement, Checkpoint held, Parking parking) throws SQLException {
        StoredEvent event = parking.event();
        String error = parking.error();
        new Binder(statement)
                .text(held.segment().subscription())
                .integer(held.segment().number())
                .bigint(held.token())
                .bigint(held.position().value())
                .text(parking.key())
                .bigint(event.position().value())
                .text(event.stream().tenant().value())
                .text(event.stream().type())
                .text(event.stream().id())
                .uuid(event.id().value())
                .integer(parking.attempts())
                .text(error == null ? null : ParkedQueues.storable(error));
    }
}
