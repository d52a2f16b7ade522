package io.eventsourcing.postgres;

import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The tables of read models: makes those that are missing, checks those that there are, and has rebuilt ones take the place of others. Logs
 * in as their owner. Thread-safe; several nodes may do the same at the same time.
 */
public final class ReadModelTables {

    /** What is done with tables that are not as their records say. */
    public enum Mode {
        /** Those that are missing are made; the others are checked. */
        CREATE,
        /** All are checked, and none is made. */
        VALIDATE,
        /** Nothing; what does not fit is found when it is used. */
        NONE
    }

    /** Readers and batches wait for no longer than this behind one who changes tables. */
    static final int LOCK_MILLIS = 300;

    private final StoreConnection connection;
    private final DataSource owner;
    private final SchemaName store;
    private final Mode mode;
    private final @Nullable String givenSchema;
    private final @Nullable EventStoreRoles roles;
    private final AtomicReference<@Nullable ReadModelDdl> ddl = new AtomicReference<>();

    /**
     * Tables in the schema that the login meets first, made where they are missing.
     *
     * @param owner logs in as the owner of the tables, and of the store's schema
     */
    public ReadModelTables(DataSource owner) {
        this(owner, EventStoreSchema.DEFAULT_NAME, null, Mode.CREATE, null);
    }

    /**
     * Tables in a schema.
     *
     * @param owner logs in as the owner of the tables, and of the store's schema
     * @param storeSchema the name of the store's schema
     * @param schema where the tables are; null for the schema that the login meets first
     * @param mode what is done with tables that are not as their records say
     * @param roles who may use tables that are made here; null if all is one login
     */
    public ReadModelTables(
            DataSource owner, String storeSchema, @Nullable String schema, Mode mode, @Nullable EventStoreRoles roles) {
        this.connection = new StoreConnection(owner);
        this.owner = owner;
        this.store = new SchemaName(storeSchema);
        this.givenSchema = schema;
        this.mode = mode;
        this.roles = roles;
    }

    /** Where the tables are, and how they are made. */
    ReadModelDdl ddl() {
        ReadModelDdl known = ddl.get();
        if (known == null) {
            known = new ReadModelDdl(schema(), roles);
            ddl.set(known);
        }
        return known;
    }

    private String schema() {
        if (givenSchema != null) {
            return givenSchema;
        }
        String current = connection.run("select current_schema()", statement -> {
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        });
        if (current == null) {
            throw new IllegalStateException(
                    "The search path of the login that owns the tables of read models names no schema that there is. They were not made."
                            + " Name their schema.");
        }
        return current;
    }

    /**
     * Makes the tables that are missing, and checks the others, as the mode says. One that is beside another is made with the indexes,
     * policies and grants of that.
     *
     * @param wanted the tables
     * @param isInline whether appends write them, with the login of the application
     * @throws ReadModelMismatchException if some are not as their records say
     */
    public void prepare(Collection<ReadModelTable> wanted, boolean isInline) {
        List<ReadModelDifference> differences = new ArrayList<>();
        for (ReadModelTable table : wanted) {
            boolean isBeside = !table.name().equals(table.type().table());
            if (isBeside || mode == Mode.CREATE) {
                createIfMissing(table, isBeside);
                if (isInline) {
                    letTheApplicationWrite(table);
                }
            }
            if (mode != Mode.NONE) {
                differences.addAll(differences(table));
            }
        }
        if (!differences.isEmpty()) {
            throw new ReadModelMismatchException(differences);
        }
    }

    /** In what the tables that applications know differ, unless the mode says that they are made, or that nobody wants to know. */
    List<ReadModelDifference> unmendable(Collection<ReadModelType<?>> readModels) {
        return mode == Mode.NONE
                ? List.of()
                : readModels.stream()
                        .map(type -> new ReadModelTable(type, type.table()))
                        .filter(table -> mode == Mode.VALIDATE || exists(table))
                        .flatMap(table -> differences(table).stream())
                        .toList();
    }

    private boolean exists(ReadModelTable table) {
        return inTransaction(connected -> new TableComparison(connected, ddl()).exists(table.name()));
    }

    /**
     * In what a table differs from its record.
     *
     * @param table the table
     * @return the differences; empty if there are none
     */
    public List<ReadModelDifference> differences(ReadModelTable table) {
        return inTransaction(connected -> new TableComparison(connected, ddl()).differences(table));
    }

    private void createIfMissing(ReadModelTable table, boolean isBeside) {
        inTransaction(connected -> {
            new TableCreation(connected, ddl()).createIfMissing(table, isBeside);
            return true;
        });
    }

    private void letTheApplicationWrite(ReadModelTable table) {
        inTransaction(connected -> {
            execute(connected, ddl().letTheApplicationWrite(table.name()));
            return true;
        });
    }

    /**
     * Changes the tables and the state of a projection together.
     *
     * @param function the function of the store's schema that does it
     * @param projection the name of the projection
     * @param number what the function needs to know
     * @param readModels those of the projection
     * @return false if somebody held it up
     */
    boolean change(String function, String projection, long number, Collection<ReadModelType<?>> readModels) {
        String schema = ddl().schema();
        return connection.run(store.callScalar(function, 5), statement -> {
            new Binder(statement)
                    .text(projection)
                    .bigint(number)
                    .text(schema)
                    .texts(readModels.stream()
                            .map(ReadModelType::table)
                            .sorted()
                            .toList())
                    .integer(LOCK_MILLIS);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        });
    }

    private interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    private <T> T inTransaction(Work<T> work) {
        try (Connection connected = owner.getConnection()) {
            boolean commitsByItself = connected.getAutoCommit();
            connected.setAutoCommit(false);
            try {
                T result = work.in(connected);
                connected.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connected.rollback();
                throw e;
            } finally {
                connected.setAutoCommit(commitsByItself);
            }
        } catch (SQLException e) {
            throw SqlErrors.ofRepeatable().translate(e, false);
        }
    }

    /** Runs statements, one after the other. */
    static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }
}
