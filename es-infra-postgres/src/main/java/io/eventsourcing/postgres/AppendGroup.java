package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
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

    /** What was written, for each append; null for those of which nothing was. */
    List<@Nullable AppendResult> append(
            List<SerializedAppend> appends, Function<SQLException, RuntimeException> errors) {
        AppendParameters parameters = new AppendParameters(appends);
        return connection.runAlone(
                sql,
                statement -> {
                    parameters.bindEvents(new Binder(statement));
                    return execute(statement, appends);
                },
                errors);
    }

    private static List<@Nullable AppendResult> execute(PreparedStatement statement, List<SerializedAppend> appends)
            throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            Array column = row.getArray("latest");
            @Nullable Long[] latest = column == null ? new Long[appends.size()] : (Long[]) column.getArray();
            Iterator<GlobalPosition> positions = positions(row);
            List<@Nullable AppendResult> results = new ArrayList<>(latest.length);
            for (int i = 0; i < latest.length; i++) {
                Long before = latest[i];
                SerializedAppend append = appends.get(i);
                results.add(
                        before == null
                                ? null
                                : append.result(before + append.events().size(), positions, false));
            }
            return results;
        }
    }

    /** The column of positions, which is null if nothing was written. */
    static Iterator<GlobalPosition> positions(ResultSet row) throws SQLException {
        Array column = row.getArray("positions");
        return column == null
                ? Collections.emptyIterator()
                : Arrays.stream((Long[]) column.getArray())
                        .map(GlobalPosition::new)
                        .iterator();
    }
}
