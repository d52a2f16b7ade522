package io.eventsourcing.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Why row-level security does not hold for a login. */
final class TenancyGaps {

    private TenancyGaps() {}

    static List<String> of(Connection connection, SchemaName schema) throws SQLException {
        String sql = """
                select r.rolname, r.rolsuper, r.rolbypassrls, pg_has_role(r.oid, t.relowner, 'usage') as owns, (%s) as reads_all
                from pg_catalog.pg_roles r, pg_catalog.pg_class t
                where r.rolname = current_user and t.oid = ?::regclass""".formatted(schema.callScalar("may_read_all_tenants", 0));
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
        if (row.getBoolean("rolbypassrls")) {
            gaps.add(role + "has BYPASSRLS: row-level security does not hold for it at all.");
        }
        if (row.getBoolean("owns")) {
            gaps.add(role + "owns the tables, and can switch row-level security off.");
        }
        if (row.getBoolean("reads_all")) {
            gaps.add(role + "can read the events of all tenants, if its SQL sets eventsourcing.all_tenants.");
        }
        return gaps;
    }
}
