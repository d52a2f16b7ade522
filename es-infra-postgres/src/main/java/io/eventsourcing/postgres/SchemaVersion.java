package io.eventsourcing.postgres;

/** The version of a schema: within one major number, a higher minor number only adds. */
record SchemaVersion(int major, int minor) {

    static SchemaVersion parse(String text) {
        int dot = text.indexOf('.');
        return new SchemaVersion(Integer.parseInt(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    /** Whether code that needs at least this version works with a schema of the other one. */
    boolean accepts(SchemaVersion other) {
        return other.major == major && other.minor >= minor;
    }
}
