package io.eventsourcing.postgres;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.SegmentLostException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Moves checkpoints forward and frees them, each only for the owner that holds its token. */
final class AdvanceCheckpoints {

    private static final int ADVANCE_PARAMETERS = 5;
    private static final int RELEASE_PARAMETERS = 4;

    private final StoreConnection connection;
    private final String advanceSql;
    private final String advanceAllSql;
    private final String releaseSql;

    AdvanceCheckpoints(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.advanceSql = schema.callScalar("advance_checkpoint", ADVANCE_PARAMETERS);
        this.advanceAllSql = schema.call("advance_checkpoints", ADVANCE_PARAMETERS);
        this.releaseSql = schema.callScalar("release_segments", RELEASE_PARAMETERS);
    }

    Checkpoint advance(Checkpoint held, GlobalPosition reached) {
        boolean isMoved = connection.run(advanceSql, statement -> {
            new Binder(statement)
                    .text(held.segment().subscription())
                    .integer(held.segment().number())
                    .bigint(held.token())
                    .bigint(held.position().value())
                    .bigint(reached.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        });
        if (!isMoved) {
            throw new SegmentLostException(held);
        }
        return held.at(reached);
    }

    List<Checkpoint> advanceAll(List<Checkpoint> held, List<GlobalPosition> reached) {
        if (held.size() != reached.size()) {
            throw new IllegalArgumentException("There are " + held.size() + " checkpoints and " + reached.size()
                    + " positions. No checkpoint was moved. Give one position for each.");
        }
        if (held.isEmpty()) {
            return List.of();
        }
        return connection.run(advanceAllSql, statement -> {
            bind(new Binder(statement), held)
                    .bigints(values(held.stream().map(Checkpoint::position).toList()))
                    .bigints(values(reached));
            List<Checkpoint> moved = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int place = row.getInt(1) - 1;
                    moved.add(held.get(place).at(reached.get(place)));
                }
            }
            return List.copyOf(moved);
        });
    }

    void release(List<Checkpoint> reached) {
        if (reached.isEmpty()) {
            return;
        }
        connection.run(releaseSql, statement -> {
            bind(new Binder(statement), reached)
                    .bigints(values(reached.stream().map(Checkpoint::position).toList()));
            return statement.execute();
        });
    }

    private static Binder bind(Binder binder, List<Checkpoint> checkpoints) throws SQLException {
        return binder.texts(checkpoints.stream()
                        .map(checkpoint -> checkpoint.segment().subscription())
                        .toList())
                .ints(checkpoints.stream()
                        .map(checkpoint -> checkpoint.segment().number())
                        .toList())
                .bigints(checkpoints.stream().map(Checkpoint::token).toList());
    }

    private static List<Long> values(List<GlobalPosition> positions) {
        return positions.stream().map(GlobalPosition::value).toList();
    }
}
