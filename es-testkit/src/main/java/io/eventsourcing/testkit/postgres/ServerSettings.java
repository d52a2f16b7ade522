package io.eventsourcing.testkit.postgres;

import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Which server the tests asked for, by system properties. */
record ServerSettings(Mode mode, String major, @Nullable String url, String user, String password) {

    enum Mode {
        EMBEDDED,
        TESTCONTAINERS,
        EXTERNAL
    }

    static ServerSettings of(Properties properties) {
        return new ServerSettings(
                mode(properties.getProperty("es.postgres.mode", "embedded")),
                properties.getProperty("es.postgres.major", "18"),
                properties.getProperty("es.postgres.url"),
                properties.getProperty("es.postgres.user", "postgres"),
                properties.getProperty("es.postgres.password", ""));
    }

    private static Mode mode(String text) {
        for (Mode mode : Mode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
                return mode;
            }
        }
        throw new IllegalStateException("es.postgres.mode is '" + text
                + "', which is not known. No test was run. Choose embedded, testcontainers or external.");
    }
}
