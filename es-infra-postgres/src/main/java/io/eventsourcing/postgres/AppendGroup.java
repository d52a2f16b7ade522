package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes appends that have nothing to do with each other in one round trip and one commit: of one tenant, each for another
 * stream. Each is written or left to {@link AppendEvents}, whatever becomes of the others.
 */
final class AppendGroup {

    private static final int PARAMETERS = 13;

    private final StoreConnection connection;
    private final String sql;

    AppendGroup(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.sql = schema.call("append_group", PARAMETERS);
    }

    /** What was written, for each append; empty for those of which nothing was. */
    List<Optional<AppendResult>> append(List<SerializedAppend> appends) throws SQLException {
        AppendParameters parameters = new AppendParameters(appends);
        return connection.runAlone(sql, statement -> {
            parameters.bindEvents(new Binder(statement));
            return execute(statement, appends);
        });
    }

    private static List<Optional<AppendResult>> execute(PreparedStatement statement, List<SerializedAppend> appends)
            throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            Array column = row.getArray("latest");
            @Nullable Long[] latest = column == null ? new Long[appends.size()] : (Long[]) column.getArray();
            Iterator<GlobalPosition> positions = StoredEventRow.positions(row);
            List<Optional<AppendResult>> results = new ArrayList<>(latest.length);
            for (int i = 0; i < latest.length; i++) {
                SerializedAppend append = appends.get(i);
                results.add(Optional.ofNullable(latest[i])
                        .map(version -> append.result(version + append.events().size(), positions, false)));
            }
            return results;
        }
    }
}
