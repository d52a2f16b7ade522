package io.eventsourcing.testkit.command;

import io.eventsourcing.memory.InMemoryCommandStore;
import io.eventsourcing.memory.InMemoryEventStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The store in memory, whose clock jumps when a lease is to be over. */
final class InMemoryCommands {

    private InMemoryCommands() {}

    private static final class JumpingClock extends Clock {

        private volatile Duration ahead = Duration.ZERO;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }
    }

    static CommandsUnderTest open() {
        JumpingClock clock = new JumpingClock();
        InMemoryEventStore events = new InMemoryEventStore(Counters.serialization());
        InMemoryCommandStore store = new InMemoryCommandStore(events, clock);
        return new CommandsUnderTest(
                store, store, store, events, events, claim -> clock.ahead = clock.ahead.plus(CommandRules.LEASE));
    }
}
