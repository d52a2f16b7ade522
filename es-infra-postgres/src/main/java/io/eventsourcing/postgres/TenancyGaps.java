package io.eventsourcing.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Why row-level security does not hold for a login: also by way of roles that it may become by SET ROLE. */
final class TenancyGaps {

    private TenancyGaps() {}

    static List<String> of(Connection connection, SchemaName schema) throws SQLException {
        String sql = """
                select r.rolname, r.rolsuper, pg_has_role(r.oid, t.relowner, 'member') as owns,
                       exists (select from pg_catalog.pg_roles b
                               where (b.rolbypassrls or b.rolsuper) and pg_has_role(r.oid, b.oid, 'member')) as bypasses,
                       exists (select from pg_catalog.pg_policy p, unnest(p.polroles) as allowed (role)
                               where p.polrelid = t.oid and p.polname = 'of_all_tenants'
                                 and (allowed.role = 0 or pg_has_role(r.oid, allowed.role, 'member'))) as reads_all
                from pg_catalog.pg_roles r, pg_catalog.pg_class t
                where r.rolname = current_user and t.oid = ?::regclass""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, "\"" + schema + "\".event");
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return sentences(row);
            }
        }
    }

    private static List<String> sentences(ResultSet row) throws SQLException {
        String role = "The role '" + row.getString("rolname") + "' ";
        if (row.getBoolean("rolsuper")) {
            return List.of(role + "is a superuser: row-level security does not hold for it at all.");
        }
        List<String> gaps = new ArrayList<>();
        if (row.getBoolean("bypasses")) {
            gaps.add(role
                    + "has BYPASSRLS, or may become a role that has: row-level security does not hold for it at all.");
        }
        if (row.getBoolean("owns")) {
            gaps.add(role + "owns the tables, or may become their owner, and can switch row-level security off.");
        }
        if (row.getBoolean("reads_all")) {
            gaps.add(role + "can read the events of all tenants, if its SQL sets eventsourcing.all_tenants.");
        }
        return gaps;
    }
}
