package io.eventsourcing.postgres;

import io.eventsourcing.core.readmodel.AppliedStreams;
import io.eventsourcing.core.readmodel.ProjectionGeneration;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Up to which version inline projections have the events of streams, in the table applied_stream. */
final class AppliedStreamsTable implements AppliedStreams {

    private final StoreConnection connection;
    private final String findSql;
    private final String lockSql;
    private final String applySql;

    AppliedStreamsTable(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.findSql = schema.callScalar("applied_streams", 5);
        this.lockSql = schema.callScalar("lock_applied_streams", 5);
        this.applySql = schema.callScalar("apply_streams", 6);
    }

    @Override
    public Map<StreamId, StreamVersion> applied(ProjectionGeneration generation, Collection<StreamId> streams) {
        return versions(findSql, generation, List.copyOf(streams));
    }

    @Override
    public Map<StreamId, StreamVersion> lockApplied(ProjectionGeneration generation, Collection<StreamId> streams) {
        return versions(lockSql, generation, List.copyOf(streams));
    }

    private Map<StreamId, StreamVersion> versions(String sql, ProjectionGeneration generation, List<StreamId> streams) {
        return connection.run(sql, statement -> {
            bind(statement, generation, streams);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Long[] versions = (Long[]) row.getArray(1).getArray();
                Map<StreamId, StreamVersion> byStream = new HashMap<>();
                for (int i = 0; i < versions.length; i++) {
                    byStream.put(streams.get(i), StreamVersion.of(versions[i]));
                }
                return byStream;
            }
        });
    }

    private static Binder bind(PreparedStatement statement, ProjectionGeneration generation, List<StreamId> streams)
            throws SQLException {
        return new Binder(statement)
                .text(generation.projection())
                .integer(generation.number())
                .texts(streams.stream().map(stream -> stream.tenant().value()).toList())
                .texts(streams.stream().map(StreamId::type).toList())
                .texts(streams.stream().map(StreamId::id).toList());
    }

    @Override
    public void apply(ProjectionGeneration generation, Map<StreamId, StreamVersion> reached) {
        if (reached.isEmpty()) {
            return;
        }
        List<StreamId> streams = new ArrayList<>();
        List<Long> versions = new ArrayList<>();
        reached.forEach((stream, version) -> {
            streams.add(stream);
            versions.add(version.value());
        });
        connection.run(applySql, statement -> {
            bind(statement, generation, streams).bigints(versions);
            return statement.execute();
        });
    }
}
