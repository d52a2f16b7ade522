package io.eventsourcing.postgres;

import io.eventsourcing.core.readmodel.ReadModelTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the table of a read model in the transaction of its caller. One that is beside another gets what applications rely on there: its
 * indexes where both have the same columns, its policies, privileges and owner. LIKE copies the first of these alone.
 */
final class TableCreation {

    private static final String LOCK =
            "select pg_advisory_xact_lock('pg_catalog.pg_class'::regclass::oid::int, hashtext(?))";

    private static final String POLICIES = """
            select format('create policy %%I on %1$s as %%s for %%s to %%s', p.polname,
                       case when p.polpermissive then 'permissive' else 'restrictive' end,
                       case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete'
                           else 'all' end,
                       (select string_agg(case r.role when 0 then 'public' else quote_ident(pg_get_userbyid(r.role)) end, ', ')
                        from unnest(p.polroles) as r (role)))
                   || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
                   || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
            from pg_catalog.pg_policy p
            where p.polrelid = ?::regclass
              and not exists (select from pg_catalog.pg_policy own where own.polrelid = '%1$s'::regclass and own.polname = p.polname)""";

    private static final String PRIVILEGES = """
            select format('grant %%s on %1$s to %%s%%s', a.privilege_type,
                       case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
                       case when a.is_grantable then ' with grant option' else '' end)
            from pg_catalog.pg_class c, aclexplode(c.relacl) a
            where c.oid = ?::regclass and a.grantee <> c.relowner
            union all
            select format('grant %%s (%%I) on %1$s to %%s', a.privilege_type, t.attname,
                       case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end)
            from pg_catalog.pg_attribute t, aclexplode(t.attacl) a
            where t.attrelid = ?::regclass and not t.attisdropped
              and exists (select from pg_catalog.pg_attribute own
                          where own.attrelid = '%1$s'::regclass and own.attname = t.attname)""";

    private static final String SECURITY = """
            select format('alter table %1$s %%s row level security', s.what)
            from pg_catalog.pg_class c,
                 lateral (values (case when c.relrowsecurity then 'enable' end), (case when c.relforcerowsecurity then 'force' end))
                     as s (what)
            where c.oid = ?::regclass and s.what is not null""";

    private static final String OWNER = """
            select format('alter table %1$s owner to %%I', pg_get_userbyid(c.relowner))
            from pg_catalog.pg_class c
            where c.oid = ?::regclass and pg_get_userbyid(c.relowner) <> current_user""";

    private final Connection connection;
    private final ReadModelDdl ddl;
    private final TableComparison comparison;

    TableCreation(Connection connection, ReadModelDdl ddl) {
        this.connection = connection;
        this.ddl = ddl;
        this.comparison = new TableComparison(connection, ddl);
    }

    void createIfMissing(ReadModelTable table, boolean isBeside) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) { // other nodes do the same
            lock.setString(1, ddl.qualified(table.type().table()));
            lock.execute();
        }
        if (comparison.exists(table.name())) {
            return;
        }
        if (isBeside && comparison.exists(table.type().table())) {
            createBeside(table);
        } else {
            ReadModelTables.execute(connection, ddl.create(table));
            letRolesIntoTheSchema();
        }
    }

    /** Grants nothing that is there: the schema may be somebody else's. */
    private void letRolesIntoTheSchema() throws SQLException {
        EventStoreRoles roles = ddl.roles();
        if (roles == null) {
            return;
        }
        TableSecurity security = new TableSecurity(connection, ddl);
        for (String role : List.of(roles.system(), roles.application())) {
            if (security.lacksUsage(role)) {
                ReadModelTables.execute(connection, List.of(ddl.grantUsage(role)));
            }
        }
    }

    private void createBeside(ReadModelTable table) throws SQLException {
        String known = ddl.qualified(table.type().table());
        String beside = ddl.qualified(table.name());
        boolean hasSameColumns = comparison
                .columnDifferences(new ReadModelTable(table.type(), table.type().table()))
                .isEmpty();
        if (hasSameColumns) {
            ReadModelTables.execute(
                    connection, List.of("create table " + beside + " (like " + known + " including all)"));
            ReadModelTables.execute(connection, statements(SECURITY, beside, known, 1));
        } else {
            ReadModelTables.execute(connection, ddl.create(table));
        }
        ReadModelTables.execute(connection, statements(POLICIES, beside, known, 1));
        ReadModelTables.execute(connection, statements(PRIVILEGES, beside, known, 2));
        ReadModelTables.execute(connection, statements(OWNER, beside, known, 1));
    }

    private List<String> statements(String sql, String beside, String known, int parameters) throws SQLException {
        List<String> statements = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.formatted(beside.replace("'", "''")))) {
            for (int i = 1; i <= parameters; i++) {
                statement.setString(i, known);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    statements.add(row.getString(1));
                }
            }
        }
        return statements;
    }
}
