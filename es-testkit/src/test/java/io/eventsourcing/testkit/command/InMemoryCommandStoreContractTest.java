package io.eventsourcing.testkit.command;

import io.eventsourcing.memory.InMemoryCommandStore;
import io.eventsourcing.memory.InMemoryEventStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

class InMemoryCommandStoreContractTest extends CommandStoreContract {

    /** The clock of the system, and ahead of it by more each time that a lease is to be over. */
    private static final class JumpingClock extends Clock {

        private Duration ahead = Duration.ZERO;

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

    @Override
    protected CommandsUnderTest open() {
        JumpingClock clock = new JumpingClock();
        InMemoryEventStore events = new InMemoryEventStore(Counters.serialization());
        InMemoryCommandStore store = new InMemoryCommandStore(events, clock);
        return new CommandsUnderTest(
                store, store, events, events, claim -> clock.ahead = clock.ahead.plus(CommandRules.LEASE));
    }
}
