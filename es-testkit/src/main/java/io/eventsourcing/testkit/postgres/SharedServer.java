package io.eventsourcing.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The one server of a test run: the one that was asked for, started on first use and stopped when the JVM ends. */
final class SharedServer {

    private static final Pattern LOGIN_PARAMETER = Pattern.compile("[?&](user|password)=");

    private static @Nullable Login started;

    private SharedServer() {}

    static synchronized TestDatabase createDatabase() {
        try {
            if (started == null) {
                started = start(ServerSettings.of(System.getProperties()));
            }
            return TestDatabase.create(started);
        } catch (NoClassDefFoundError e) {
            throw MissingDependency.of(e);
        }
    }

    /** The administrator's login on the server that the settings ask for. */
    static Login start(ServerSettings settings) {
        return switch (settings.mode()) {
            case EMBEDDED -> embedded();
            case TESTCONTAINERS -> ContainerServer.start(settings.major());
            case EXTERNAL -> external(settings);
        };
    }

    private static Login embedded() {
        Path data = createFolder();
        PostgresServer server = startOn(data);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            delete(data);
        }));
        return server.admin();
    }

    private static PostgresServer startOn(Path data) {
        try {
            return PostgresServer.start(data);
        } catch (RuntimeException e) {
            delete(data);
            throw e;
        }
    }

    private static Login external(ServerSettings settings) {
        String url = settings.url();
        if (url == null) {
            throw new IllegalStateException(
                    "es.postgres.mode is 'external', but es.postgres.url is not set. No test was"
                            + " run. Give the JDBC URL of the server, and es.postgres.user and es.postgres.password of a login"
                            + " that may create databases and roles.");
        }
        if (LOGIN_PARAMETER.matcher(url).find()) {
            throw new IllegalStateException(
                    "es.postgres.url names a user or a password, which would win over the logins"
                            + " of the test databases. No test was run. Give them as es.postgres.user and es.postgres.password.");
        }
        return new Login(url, settings.user(), settings.password());
    }

    private static Path createFolder() {
        try {
            return Files.createTempDirectory("es-postgres-");
        } catch (IOException e) {
            throw new UncheckedIOException("No folder could be made for the data of the embedded PostgreSQL.", e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The data of the embedded PostgreSQL could not be removed.", e);
        }
    }
}
