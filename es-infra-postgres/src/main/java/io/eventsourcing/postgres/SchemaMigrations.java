package io.eventsourcing.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * The SQL that makes a schema, to be run by Flyway or by hand.
 *
 * @param schema the schema's name
 * @param roles the roles that get access; null if one login does everything
 */
record SchemaMigrations(SchemaName schema, @Nullable EventStoreRoles roles) {

    /** In the order in which they run. */
    static final List<String> FILES = List.of(
            "V1_1__create_event_tables.sql",
            "V1_2__create_append_events.sql",
            "V1_3__create_loads.sql",
            "V1_4__create_stream_changes.sql",
            "V1_5__create_snapshots.sql",
            "V1_6__create_log.sql",
            "V1_7__create_subscriptions.sql",
            "V1_8__share_segments.sql",
            "V1_9__create_commands.sql",
            "V1_10__create_sagas.sql",
            "V1_11__speed_up_commands.sql",
            "V1_12__speed_up_claims.sql",
            "V1_13__create_projections.sql",
            "R__grant_access.sql");

    private static final String LOCATION = "io/eventsourcing/postgres/migration";

    /**
     * Runs what is missing.
     *
     * @throws SchemaMismatchException if the database's answer says what to do
     */
    void run(DataSource dataSource) {
        try {
            flyway(dataSource).migrate();
        } catch (RuntimeException e) {
            throw new MigrationErrors(schema, roles).explained(e);
        }
    }

    private Flyway flyway(DataSource dataSource) {
        return Flyway.configure(getClass().getClassLoader())
                .dataSource(dataSource)
                .schemas(schema.value())
                .defaultSchema(schema.value())
                .locations("classpath:" + LOCATION)
                .placeholders(placeholders())
                .failOnMissingLocations(true)
                .load();
    }

    String toSql() {
        return FILES.stream()
                .map(SchemaMigrations::read)
                .map(this::withoutPlaceholders)
                .collect(Collectors.joining("\n", "create schema if not exists \"" + schema + "\";\n\n", ""));
    }

    private String withoutPlaceholders(String sql) {
        String replaced = sql;
        for (Map.Entry<String, String> placeholder : placeholders().entrySet()) {
            replaced = replaced.replace("${" + placeholder.getKey() + "}", placeholder.getValue());
        }
        return replaced;
    }

    private Map<String, String> placeholders() {
        return Map.of(
                "schema",
                schema.value(),
                "system_role",
                roles == null ? "public" : "\"%s\"".formatted(roles.system()),
                "granted_roles",
                roles == null ? "" : "\"%s\",\"%s\"".formatted(roles.application(), roles.system()));
    }

    private static String read(String file) {
        try (InputStream sql = SchemaMigrations.class.getResourceAsStream("migration/" + file)) {
            if (sql == null) {
                throw new IllegalStateException("The migration " + file + " is missing on the class path.");
            }
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The migration " + file + " cannot be read.", e);
        }
    }
}
