package io.eventsourcing.benchmarks;

import io.eventsourcing.core.aggregate.Aggregate;
import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.TargetId;
import java.util.List;

/** The command that is handled: it stores one {@link Measured} event, the first of its stream. */
@CommandType("measure")
record Measure(@TargetId String stream) {

    /** Decides without looking, so that what is measured is the library. */
    @Aggregate("bench")
    static final class Measuring implements Decider<Measure, Long, Measured> {

        @Override
        public Long initialState() {
            return 0L;
        }

        @Override
        public List<Measured> decide(Measure command, Long state) {
            return List.of(new Measured(Measured.TEXT));
        }

        @Override
        public Long evolve(Long state, Measured event) {
            return state + 1;
        }
    }
}
