package io.eventsourcing.postgres;

import java.util.Collections;
import java.util.regex.Pattern;

/** The name of a store's schema, checked so that it can stand in SQL and in the name of a setting. */
record SchemaName(String value) {

    private static final Pattern VALID = Pattern.compile("[a-z_][a-z0-9_]{0,39}");

    SchemaName {
        if (!VALID.matcher(value).matches()
                || value.startsWith("pg_")
                || value.equals("information_schema")
                || value.equals("public")) {
            throw new IllegalArgumentException(
                    "The schema name '" + value
                            + "' cannot be used. Give 1 to 40 of the characters a-z, 0-9 and _, not starting with a digit or 'pg_', and not 'public', where the application's own tables and migrations are.");
        }
    }

    /** The SQL that calls one of the schema's functions, with a '?' for each of its parameters. */
    String call(String function, int parameters) {
        return "select * from " + invocation(function, parameters);
    }

    /** The same for a function that returns one value: cheaper, because it need not be scanned like a table. */
    String callScalar(String function, int parameters) {
        return "select " + invocation(function, parameters);
    }

    /** The channel of notifications that this store's log may have grown. */
    String channel() {
        return value + "_appended";
    }

    private String invocation(String function, int parameters) {
        return "\"%s\".%s(%s)".formatted(value, function, String.join(", ", Collections.nCopies(parameters, "?")));
    }

    @Override
    public String toString() {
        return value;
    }
}
