package io.eventsourcing.samples.orders.database;

import java.nio.file.Path;

/** A program that ends like one that is killed: nothing stops its server. */
final class LeavesItsServerBehind {

    private LeavesItsServerBehind() {}

    public static void main(String[] arguments) {
        EmbeddedDatabase.start(Path.of(arguments[0]));
        Runtime.getRuntime().halt(0);
    }
}
