package io.eventsourcing.testkit.postgres;

import org.testcontainers.postgresql.PostgreSQLContainer;

/** PostgreSQL in a container of Testcontainers, which removes it when the JVM ends. */
final class ContainerServer {

    private ContainerServer() {}

    @SuppressWarnings("resource") // it lives as long as the JVM
    static Login start(String major) {
        PostgreSQLContainer container = new PostgreSQLContainer("postgres:" + major);
        // replaces Testcontainers' own command, which turns fsync off
        container.setCommand(
                "postgres", "-c", "fsync=on", "-c", "max_connections=300", "-c", "max_prepared_transactions=10");
        try {
            container.start();
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "es.postgres.mode is 'testcontainers', but no container with PostgreSQL " + major + " started: "
                            + e.getMessage()
                            + " No test was run. Start Docker, or choose es.postgres.mode=embedded, which"
                            + " needs none, or es.postgres.mode=external.",
                    e);
        }
        Login admin = new Login(container.getJdbcUrl(), container.getUsername(), container.getPassword());
        Durability.require(admin);
        return admin;
    }
}
