package io.eventsourcing.postgres;

import io.eventsourcing.core.stream.StreamId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds which of several streams have events, with one statement for each tenant. */
final class ExistingStreams {

    private static final int PARAMETERS = 3;

    private final StoreConnection connection;
    private final String sql;

    ExistingStreams(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.sql = schema.call("existing_streams", PARAMETERS);
    }

    Set<StreamId> among(Collection<StreamId> streams) {
        Set<StreamId> existing = new HashSet<>();
        streams.stream()
                .distinct()
                .collect(Collectors.groupingBy(StreamId::tenant))
                .values()
                .forEach(ofTenant -> existing.addAll(connection.run(sql, statement -> query(statement, ofTenant))));
        return existing;
    }

    private static List<StreamId> query(PreparedStatement statement, List<StreamId> ofTenant) throws SQLException {
        new Binder(statement)
                .text(ofTenant.get(0).tenant().value())
                .texts(ofTenant.stream().map(StreamId::type).toList())
                .texts(ofTenant.stream().map(StreamId::id).toList());
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            Integer[] places = (Integer[]) row.getArray(1).getArray();
            return Arrays.stream(places).map(place -> ofTenant.get(place - 1)).toList();
        }
    }
}
