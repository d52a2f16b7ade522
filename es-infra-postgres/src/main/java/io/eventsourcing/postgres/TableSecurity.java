package io.eventsourcing.postgres;

import io.eventsourcing.core.readmodel.ReadModelTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares what keeps the tenants of a table apart, and lets the roles in, with what is needed. Belongs to one connection. */
final class TableSecurity {

    private static final String ROW_SECURITY =
            "select c.relrowsecurity, c.relforcerowsecurity from pg_catalog.pg_class c where c.oid = ?::regclass";

    /** Whether a policy for one of these commands, that a role comes under, asks for a setting; whatever its name is. */
    private static final String HAS_POLICY = """
            select exists (
                select from pg_catalog.pg_policy p
                where p.polrelid = ?::regclass and p.polpermissive and p.polcmd in ('*', ?)
                  and coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
                      like '%' || ? || '%'
                  and exists (select from unnest(p.polroles) r (role)
                              where r.role = 0 or pg_catalog.pg_has_role(coalesce(?, current_user), r.role, 'usage')))""";

    private static final String LACKS_USAGE = """
            select not pg_catalog.has_schema_privilege(?, n.oid, 'usage') from pg_catalog.pg_namespace n where n.nspname = ?""";

    private static final String LACKS_PRIVILEGES = """
            select exists (select from unnest(?) w (wanted)
                           where not pg_catalog.has_table_privilege(?, ?::regclass, w.wanted))""";

    private final Connection connection;
    private final ReadModelDdl ddl;

    TableSecurity(Connection connection, ReadModelDdl ddl) {
        this.connection = connection;
        this.ddl = ddl;
    }

    List<ReadModelDifference> differences(ReadModelTable table) throws SQLException {
        String name = ddl.qualified(table.name());
        List<ReadModelDifference> differences = new ArrayList<>();
        compareRowSecurity(name, differences);
        comparePolicies(name, differences);
        EventStoreRoles roles = ddl.roles();
        if (roles != null) {
            compareGrants(name, roles.system(), ReadModelDdl.SYSTEM_PRIVILEGES, differences);
            compareGrants(name, roles.application(), ReadModelDdl.APPLICATION_PRIVILEGES, differences);
        }
        return differences;
    }

    private void compareRowSecurity(String name, List<ReadModelDifference> differences) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ROW_SECURITY)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (!row.getBoolean(1)) {
                    differences.add(ofTable(
                            name, "row-level security does not keep its tenants apart", ddl.enableRowSecurity(name)));
                }
                if (!row.getBoolean(2)) {
                    differences.add(ofTable(
                            name, "row-level security does not hold for its owner", ddl.forceRowSecurity(name)));
                }
            }
        }
    }

    private void comparePolicies(String name, List<ReadModelDifference> differences) throws SQLException {
        EventStoreRoles roles = ddl.roles();
        if (!hasPolicy(name, "r", ReadModelDdl.TENANT_SETTING, roles == null ? null : roles.application())) {
            differences.add(ofTable(
                    name,
                    "no policy shows applications the rows of their tenant",
                    dropPolicy(name, ReadModelDdl.OF_TENANT) + ddl.policyOfTenant(name)));
        }
        if (!hasPolicy(name, "a", ReadModelDdl.ALL_TENANTS_SETTING, roles == null ? null : roles.system())) {
            differences.add(ofTable(
                    name,
                    "no policy lets projections write the rows of all tenants",
                    dropPolicy(name, ReadModelDdl.OF_ALL_TENANTS) + ddl.policyOfAllTenants(name)));
        }
    }

    private boolean hasPolicy(String name, String command, String setting, @Nullable String role) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HAS_POLICY)) {
            new Binder(statement).text(name).text(command).text(setting).text(role);
            return isTrue(statement);
        }
    }

    /** One of the name may be there, and say something else. */
    private static String dropPolicy(String name, String policy) {
        return "drop policy if exists " + policy + " on " + name + ";\n";
    }

    private void compareGrants(String name, String role, List<String> privileges, List<ReadModelDifference> differences)
            throws SQLException {
        if (lacksUsage(role)) {
            differences.add(ofTable(name, "the role '" + role + "' may not use its schema", ddl.grantUsage(role)));
        }
        try (PreparedStatement statement = connection.prepareStatement(LACKS_PRIVILEGES)) {
            new Binder(statement).texts(privileges).text(role).text(name);
            if (isTrue(statement)) {
                differences.add(ofTable(
                        name,
                        "the role '" + role + "' lacks a privilege, one of " + privileges,
                        ddl.grant(name, role, privileges)));
            }
        }
    }

    boolean lacksUsage(String role) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LACKS_USAGE)) {
            new Binder(statement).text(role).text(ddl.schema());
            return isTrue(statement);
        }
    }

    private static ReadModelDifference ofTable(String name, String problem, String ddl) {
        return new ReadModelDifference(name, "", problem, ddl);
    }

    private static boolean isTrue(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }
}
