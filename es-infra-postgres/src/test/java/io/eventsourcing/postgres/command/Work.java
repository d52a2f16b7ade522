package io.eventsourcing.postgres.command;

import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.TargetId;

/** The commands of these tests: the number is the place in the order of the stream. */
sealed interface Work {

    String stream();

    int number();

    Kind kind();

    /** For a decider. */
    @CommandType("kill-decide")
    record Decide(@TargetId String stream, int number, Kind kind) implements Work {}

    /** For a method, which writes within its transaction before it knows how it will end. */
    @CommandType("kill-write")
    record Write(@TargetId String stream, int number, Kind kind) implements Work {}

    /** What becomes of a command. */
    enum Kind {
        ONE_EVENT(1),
        TWO_EVENTS(2),
        REJECTED(0),
        /** Fails on each node when that tries it first. */
        FLAKY(1),
        /** Fails on each node, always. */
        BROKEN(0),
        /** Waits on a node until the test lets that go on. */
        HELD(1);

        private final int events;

        Kind(int events) {
            this.events = events;
        }

        int events() {
            return events;
        }
    }
}
