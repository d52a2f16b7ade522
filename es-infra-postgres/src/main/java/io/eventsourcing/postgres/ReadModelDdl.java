package io.eventsourcing.postgres;

import io.eventsourcing.core.readmodel.Column;
import io.eventsourcing.core.readmodel.ColumnType;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The SQL that makes the tables of read models. A tenant sees its own rows; who writes for all tenants says so in a setting, as for the
 * tables of the store.
 *
 * @param schema where the tables are
 * @param roles who may read and write them besides their owner; null for nobody
 */
record ReadModelDdl(String schema, @Nullable EventStoreRoles roles) {

    static final String OF_TENANT = "of_tenant";
    static final String OF_ALL_TENANTS = "of_all_tenants";
    static final String TENANT_SETTING = "eventsourcing.tenant";
    static final String ALL_TENANTS_SETTING = "eventsourcing.all_tenants";
    static final List<String> SYSTEM_PRIVILEGES = List.of("select", "insert", "update", "delete");
    static final List<String> APPLICATION_PRIVILEGES = List.of("select");

    /** The table, quoted, with its schema. */
    String qualified(String table) {
        return quoted(schema) + "." + quoted(table);
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** How PostgreSQL writes the type of a column. */
    static String typeOf(ColumnType type) {
        return switch (type) {
            case TEXT -> "text";
            case SMALLINT -> "smallint";
            case INTEGER -> "integer";
            case BIGINT -> "bigint";
            case REAL -> "real";
            case DOUBLE -> "double precision";
            case NUMERIC -> "numeric";
            case BOOLEAN -> "boolean";
            case UUID -> "uuid";
            case DATE -> "date";
            case TIME -> "time without time zone";
            case TIMESTAMP -> "timestamp without time zone";
            case TIMESTAMPTZ -> "timestamp with time zone";
            case BYTES -> "bytea";
            case JSON -> "jsonb";
        };
    }

    /** Texts compare by their code points, in every database alike. */
    static String columnType(ColumnType type) {
        return typeOf(type) + (type == ColumnType.TEXT ? " collate \"C\"" : "");
    }

    /** Everything that a new table needs. */
    List<String> create(ReadModelTable table) {
        List<String> statements = new ArrayList<>();
        String columns = Stream.concat(
                        Stream.of(quoted(ReadModelType.TENANT) + " text collate \"C\" not null"),
                        table.type().columns().stream().map(ReadModelDdl::definition))
                .collect(Collectors.joining(",\n    "));
        statements.add("create table " + qualified(table.name()) + " (\n    " + columns + ",\n    primary key ("
                + key(table.type()) + ")\n)");
        statements.addAll(secure(table.name()));
        return statements;
    }

    private static String definition(Column column) {
        return quoted(column.name()) + " " + columnType(column.type()) + (column.isNullable() ? "" : " not null");
    }

    static String key(ReadModelType<?> type) {
        return Stream.concat(
                        Stream.of(ReadModelType.TENANT),
                        type.idColumns().stream().map(Column::name))
                .map(ReadModelDdl::quoted)
                .collect(Collectors.joining(", "));
    }

    /** Keeps tenants apart, and lets the roles in. */
    private List<String> secure(String table) {
        String name = qualified(table);
        List<String> statements = new ArrayList<>(List.of(
                enableRowSecurity(name), forceRowSecurity(name), policyOfTenant(name), policyOfAllTenants(name)));
        if (roles != null) {
            statements.add(grant(name, roles.system(), SYSTEM_PRIVILEGES));
            statements.add(grant(name, roles.application(), APPLICATION_PRIVILEGES));
        }
        return statements;
    }

    String enableRowSecurity(String name) {
        return "alter table " + name + " enable row level security";
    }

    String forceRowSecurity(String name) {
        return "alter table " + name + " force row level security";
    }

    String policyOfTenant(String name) {
        return "create policy " + OF_TENANT + " on " + name + " using (tenant = (select current_setting('"
                + TENANT_SETTING + "', true)))";
    }

    String policyOfAllTenants(String name) {
        return "create policy " + OF_ALL_TENANTS + " on " + name + " to "
                + (roles == null ? "public" : quoted(roles.system())) + " using (current_setting('"
                + ALL_TENANTS_SETTING + "', true) = 'on')";
    }

    String grant(String name, String role, List<String> privileges) {
        return "grant " + String.join(", ", privileges) + " on " + name + " to " + quoted(role);
    }

    String grantUsage(String role) {
        return "grant usage on schema " + quoted(schema) + " to " + quoted(role);
    }

    /** What else the role of the application needs where appends write rows. */
    List<String> letTheApplicationWrite(String table) {
        return roles == null
                ? List.of()
                : List.of("grant insert, update, delete on " + qualified(table) + " to " + quoted(roles.application()));
    }
}
