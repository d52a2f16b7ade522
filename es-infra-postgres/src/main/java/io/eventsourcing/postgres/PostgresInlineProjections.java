package io.eventsourcing.postgres;

import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.readmodel.InlineProjectionPort;
import io.eventsourcing.core.readmodel.ProjectionGeneration;
import io.eventsourcing.core.readmodel.ProjectionGeneration.State;
import io.eventsourcing.core.readmodel.ReadModelStorePort;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.sql.ResultSet;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Inline projections on PostgreSQL 15 to 18: appends that they handle have a transaction, or within a surrounding one a savepoint, and do not
 * share their commit with others. They write rows with the login of the application, those of the append's tenant alone. Thread-safe.
 */
public final class PostgresInlineProjections implements InlineProjectionPort {

    private final PostgresEventStore events;
    private final StoreConnection connection;
    private final AppliedStreamsTable applied;
    private final PostgresReadModels rows;
    private final String beginSql;

    /**
     * Takes part in no append yet.
     *
     * @param dataSource the DataSource of the events
     * @param events whose appends are handled
     * @param schemaName the name of the store's schema
     * @param tables where the tables of read models are
     * @throws IllegalArgumentException if the name or the DataSource cannot be used
     */
    public PostgresInlineProjections(
            DataSource dataSource, PostgresEventStore events, String schemaName, ReadModelTables tables) {
        SchemaName schema = new SchemaName(schemaName);
        this.events = events;
        this.connection = new StoreConnection(dataSource);
        this.applied = new AppliedStreamsTable(connection, schema);
        this.rows = new PostgresReadModels(dataSource, tables);
        this.beginSql = schema.call("begin_inline", 1);
    }

    @Override
    public void join(Handler handler) {
        events.inline().join(handler);
    }

    @Override
    public void leave(Handler handler) {
        events.inline().leave(handler);
    }

    @Override
    public Optional<ProjectionGeneration> begin(String projection) {
        return connection.run(beginSql, statement -> {
            new Binder(statement).text(projection);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new ProjectionGeneration(
                                projection, row.getInt("number"), row.getInt("version"), true, State.LIVE))
                        : Optional.empty();
            }
        });
    }

    @Override
    public Map<StreamId, StreamVersion> applied(ProjectionGeneration generation, Collection<StreamId> streams) {
        return applied.applied(generation, streams);
    }

    @Override
    public Map<StreamId, StreamVersion> lockApplied(ProjectionGeneration generation, Collection<StreamId> streams) {
        return applied.lockApplied(generation, streams);
    }

    @Override
    public void apply(ProjectionGeneration generation, Map<StreamId, StreamVersion> reached) {
        applied.apply(generation, reached);
    }

    @Override
    public ReadModelStorePort rows() {
        return rows;
    }

    @Override
    public EventStorePort events() {
        return events;
    }
}
