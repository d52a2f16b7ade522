package io.eventsourcing.postgres;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.saga.SagaId;
import io.eventsourcing.core.saga.SagaInstance;
import io.eventsourcing.core.saga.SagaStorePort;
import io.eventsourcing.core.serialization.SerializedPayload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The processes of sagas on PostgreSQL 15 to 18. Calls for one process join the Spring transaction that surrounds them, if there is one for
 * the same DataSource: give it that of {@link PostgresCheckpoints}, whose transactions surround a saga. The purge is for all tenants, and so
 * needs the login of the system role, where there is one ({@link EventStoreRoles}). Thread-safe.
 */
public final class PostgresSagaStore implements SagaStorePort {

    private static final int SAVE_PARAMETERS = 9;

    private final StoreConnection connection;
    private final StoreConnection acrossTenants;
    private final String findSql;
    private final String saveSql;
    private final String purgeSql;

    /**
     * The processes in the schema of the default name, {@value EventStoreSchema#DEFAULT_NAME}.
     *
     * @param dataSource connections to the database, best from a pool; the one of the checkpoints
     */
    public PostgresSagaStore(DataSource dataSource) {
        this(dataSource, dataSource, EventStoreSchema.DEFAULT_NAME);
    }

    /**
     * The processes in a schema of another name.
     *
     * @param dataSource the DataSource of the checkpoints' transactions
     * @param acrossTenants connections for what is for all tenants; the same database
     * @param schemaName the name of the schema
     * @throws IllegalArgumentException if the name or a DataSource cannot be used
     */
    public PostgresSagaStore(DataSource dataSource, DataSource acrossTenants, String schemaName) {
        SchemaName schema = new SchemaName(schemaName);
        this.connection = new StoreConnection(dataSource);
        this.acrossTenants = new StoreConnection(acrossTenants);
        this.findSql = schema.call("find_saga", 3);
        this.saveSql = schema.callScalar("save_saga", SAVE_PARAMETERS);
        this.purgeSql = schema.callScalar("purge_sagas", 2);
    }

    @Override
    public Optional<SagaInstance> find(SagaId id) {
        return connection.run(findSql, statement -> {
            new Binder(statement).text(id.tenant().value()).text(id.saga()).text(id.instance());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(instance(id, row)) : Optional.empty();
            }
        });
    }

    private static SagaInstance instance(SagaId id, ResultSet row) throws SQLException {
        return new SagaInstance(
                id,
                new GlobalPosition(row.getLong("position")),
                row.getInt("part"),
                new SerializedPayload(
                        new VersionedType(id.saga(), row.getInt("state_version")),
                        row.getString("state"),
                        row.getString("codec")),
                row.getBoolean("is_complete"));
    }

    @Override
    public boolean save(SagaInstance instance) {
        return connection.run(saveSql, statement -> {
            new Binder(statement)
                    .text(instance.id().tenant().value())
                    .text(instance.id().saga())
                    .text(instance.id().instance())
                    .bigint(instance.position().value())
                    .integer(instance.part())
                    .integer(instance.state().type().schemaVersion())
                    .text(instance.state().json())
                    .text(instance.state().codec())
                    .bool(instance.isComplete());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        });
    }

    @Override
    public int purge(Duration completedBefore, int atMost) {
        if (atMost < 1) {
            throw new IllegalArgumentException(
                    "At most " + atMost + " processes are to be purged. Nothing was. Give 1 or more.");
        }
        return acrossTenants.run(purgeSql, statement -> {
            new Binder(statement).bigint(completedBefore.toMillis()).integer(atMost);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        });
    }
}
