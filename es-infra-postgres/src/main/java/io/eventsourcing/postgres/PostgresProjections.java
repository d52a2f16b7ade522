package io.eventsourcing.postgres;

import io.eventsourcing.core.readmodel.ProjectionGeneration;
import io.eventsourcing.core.readmodel.ProjectionGeneration.State;
import io.eventsourcing.core.readmodel.ProjectionState;
import io.eventsourcing.core.readmodel.ProjectionStorePort;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * How projections stand, on PostgreSQL 15 to 18. Batches of one projection share an advisory lock; who closes, replaces or empties its tables
 * takes it alone, for as long as that takes.
 *
 * <p>Tables are made, replaced and dropped by the login of {@link ReadModelTables}, which owns them, and so are the states that change with
 * them; everything else is by the login of the system role, where there is one ({@link EventStoreRoles}). Thread-safe.
 */
public final class PostgresProjections implements ProjectionStorePort {

    private final StoreConnection connection;
    private final ReadModelTables tables;
    private final AppliedStreamsTable applied;
    private final String forgetSql;
    private final String beginSql;
    private final String addSql;
    private final String statesSql;
    private final String pauseSql;
    private final String changeSql;

    /**
     * The projections in the schema of the default name, {@value EventStoreSchema#DEFAULT_NAME}.
     *
     * @param dataSource the DataSource of the checkpoints
     * @param tables makes and replaces tables
     */
    public PostgresProjections(DataSource dataSource, ReadModelTables tables) {
        this(dataSource, dataSource, EventStoreSchema.DEFAULT_NAME, tables);
    }

    /**
     * The projections in a store's schema.
     *
     * @param transactions the DataSource of the checkpoints' transactions
     * @param others where all other connections are taken from; the same database
     * @param schemaName the name of the store's schema
     * @param tables makes and replaces tables
     * @throws IllegalArgumentException if the name or a DataSource cannot be used
     */
    public PostgresProjections(DataSource transactions, DataSource others, String schemaName, ReadModelTables tables) {
        this.connection = new StoreConnection(transactions, others);
        this.tables = tables;
        SchemaName schema = new SchemaName(schemaName);
        this.applied = new AppliedStreamsTable(connection, schema);
        this.forgetSql = schema.callScalar("forget_streams", 1);
        this.beginSql = schema.call("begin_batch", 2);
        this.addSql = schema.callScalar("add_generation", 4);
        this.changeSql = schema.callScalar("change_generation", 5);
        this.statesSql = """
                select p.name, p.is_paused, g.number, g.version, g.is_inline, g.state
                from "%1$s".projection p join "%1$s".projection_generation g on g.projection = p.name
                where g.state <> 'dropped' order by p.name, g.number""".formatted(schema);
        this.pauseSql = "update \"%s\".projection set is_paused = ? where name = ?".formatted(schema);
    }

    @Override
    public List<ProjectionGeneration> join(
            String projection, int version, boolean isInline, Collection<ReadModelType<?>> readModels) {
        add(projection, version, isInline, false);
        List<ProjectionGeneration> mine = stateOf(projection).generations().stream()
                .filter(each -> each.version() == version && each.isActive())
                .toList();
        mine.forEach(each -> tables.prepare(tablesOf(each, readModels), each.isInline()));
        return mine;
    }

    private void add(String projection, int version, boolean isInline, boolean isRebuild) {
        connection.run(addSql, statement -> {
            new Binder(statement)
                    .text(projection)
                    .integer(version)
                    .bool(isInline)
                    .bool(isRebuild);
            return statement.execute();
        });
    }

    private static List<ReadModelTable> tablesOf(
            ProjectionGeneration generation, Collection<ReadModelType<?>> readModels) {
        return readModels.stream().<ReadModelTable>map(generation::table).toList();
    }

    @Override
    public ProjectionGeneration begin(ProjectionGeneration generation) {
        return connection.run(beginSql, statement -> {
            new Binder(statement).text(generation.projection()).integer(generation.number());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String state = row.getString("state");
                return new ProjectionGeneration(
                        generation.projection(),
                        generation.number(),
                        generation.version(),
                        generation.isInline(),
                        state(state));
            }
        });
    }

    /** What is not known any more was replaced. */
    private static State state(String stored) {
        return stored == null || stored.equals("dropped")
                ? State.RETIRED
                : State.valueOf(stored.toUpperCase(Locale.ROOT));
    }

    @Override
    public Map<String, ProjectionState> states() {
        return connection.run(statesSql, statement -> {
            try (ResultSet row = statement.executeQuery()) {
                return states(row);
            }
        });
    }

    private static Map<String, ProjectionState> states(ResultSet row) throws SQLException {
        Map<String, ProjectionState> states = new TreeMap<>();
        while (row.next()) {
            String name = row.getString("name");
            List<ProjectionGeneration> generations = new ArrayList<>();
            ProjectionState known = states.get(name);
            if (known != null) {
                generations.addAll(known.generations());
            }
            generations.add(new ProjectionGeneration(
                    name,
                    row.getInt("number"),
                    row.getInt("version"),
                    row.getBoolean("is_inline"),
                    state(row.getString("state"))));
            states.put(name, new ProjectionState(name, row.getBoolean("is_paused"), generations));
        }
        return states;
    }

    private ProjectionState stateOf(String projection) {
        return states().getOrDefault(projection, new ProjectionState(projection, false, List.of()));
    }

    @Override
    public boolean pause(String projection, boolean isPaused) {
        return connection.run(pauseSql, statement -> {
            new Binder(statement).bool(isPaused).text(projection);
            return statement.executeUpdate() == 1;
        });
    }

    /**
     * In what the tables that applications know differ from the records of a projection, if they are of its version, or of none yet. Nothing
     * is changed. What will be made at start does not differ.
     *
     * @param projection the name of the projection
     * @param version its version
     * @param readModels what it writes
     * @return the differences; empty if there are none, or nobody wants to know
     */
    public List<ReadModelDifference> differences(
            String projection, int version, Collection<ReadModelType<?>> readModels) {
        boolean isKnown = stateOf(projection)
                .current()
                .map(current -> current.version() == version)
                .orElse(true);
        return isKnown ? tables.unmendable(readModels) : List.of();
    }

    @Override
    public ProjectionGeneration rebuild(
            String projection, int version, boolean isInline, Collection<ReadModelType<?>> readModels) {
        add(projection, version, isInline, true);
        ProjectionGeneration building = stateOf(projection)
                .building()
                .orElseThrow(() -> new IllegalStateException("The projection '" + projection
                        + "' is not rebuilt, because a newer version than " + version
                        + " has replaced it. Nothing was changed. Rebuild it on a node of that version."));
        tables.prepare(tablesOf(building, readModels), building.isInline());
        return building;
    }

    @Override
    public boolean close(ProjectionGeneration live) {
        return change(live, "live", "closed");
    }

    @Override
    public boolean reopen(ProjectionGeneration closed) {
        return change(closed, "closed", "live");
    }

    private boolean change(ProjectionGeneration generation, String from, String to) {
        return connection.run(changeSql, statement -> {
            new Binder(statement)
                    .text(generation.projection())
                    .integer(generation.number())
                    .text(from)
                    .text(to)
                    .integer(ReadModelTables.LOCK_MILLIS);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        });
    }

    @Override
    public boolean takeOver(ProjectionGeneration built, Collection<ReadModelType<?>> readModels) {
        return tables.change("replace_tables", built.projection(), built.number(), readModels);
    }

    @Override
    public boolean reset(ProjectionGeneration live, Collection<ReadModelType<?>> readModels) {
        boolean isReset = tables.change("empty_tables", live.projection(), live.number(), readModels);
        if (isReset) {
            forget(live.projection());
        }
        return isReset;
    }

    @Override
    public void dropRetired(String projection, long forAtLeast, Collection<ReadModelType<?>> readModels) {
        if (tables.change("drop_tables", projection, forAtLeast, readModels)) {
            forget(projection);
        }
    }

    private void forget(String projection) {
        connection.run(forgetSql, statement -> {
            new Binder(statement).text(projection);
            return statement.execute();
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
}
