package io.eventsourcing.testkit.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.projection.Projection;
import io.eventsourcing.testkit.projection.Scripted.Op;
import io.eventsourcing.testkit.projection.Scripted.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.RepeatedTest;

/** Random events, batches, faults and restarts: in the end the table is what a fold in Java says. */
abstract class RandomProjectionRules extends ProjectionRules {

    private static final int EVENTS = 300;
    private static final int KEYS = 6;
    private static final int FAULTS = 6;

    RandomProjectionRules(Function<EventSerialization, ProjectionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    @Projection(name = "tallies", single = true, batchSize = 1)
    static final class OneByOne extends Tallies {
        OneByOne(ReadModelUpdaterPort<Tally> rows) {
            super(rows, 1);
        }
    }

    @Projection(name = "tallies", single = true, batchSize = 7)
    static final class SomeAtATime extends Tallies {
        SomeAtATime(ReadModelUpdaterPort<Tally> rows) {
            super(rows, 1);
        }
    }

    @Projection(name = "tallies", single = true, batchSize = 1_000)
    static final class AllAtOnce extends Tallies {
        AllAtOnce(ReadModelUpdaterPort<Tally> rows) {
            super(rows, 1);
        }
    }

    private static Tallies projection(int batches, ReadModelUpdaterPort<Tally> rows) {
        return switch (batches) {
            case 0 -> new OneByOne(rows);
            case 1 -> new SomeAtATime(rows);
            default -> new AllAtOnce(rows);
        };
    }

    @RepeatedTest(6)
    void theTableEqualsAFoldInJava() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Scripted> events = new ArrayList<>();
        AppendResult last = append("s0", new Scripted(List.of()));
        int batches = random.nextInt(3);
        while (events.size() < EVENTS) {
            int until = Math.min(EVENTS, events.size() + 50 + random.nextInt(150));
            ProjectionNode node = node(new FaultyCheckpoints(store.checkpoints(), random, FAULTS));
            node.start(projection(batches, node.readModels.updater(Tally.class)), Tally.class);
            while (events.size() < until) {
                Scripted event = event(random);
                last = append("s" + random.nextInt(5), event);
                events.add(event);
            }
            node.close(); // somewhere in the middle
        }
        ProjectionNode node = node();
        node.start(projection(batches, node.readModels.updater(Tally.class)), Tally.class);
        awaitShown(node, last);

        assertThat(numbers()).as("seed " + seed + ", batches " + batches).isEqualTo(Scripted.fold(events));
        assertThat(node.projections.status().get(0).parked()).isZero();
    }

    /** Whatever it does, it does not fail. */
    private static Scripted event(Random random) {
        Op[] ops = {Op.UPSERT, Op.DELETE, Op.SET, Op.ADD, Op.COUNT, Op.COUNT};
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            steps.add(new Step(ops[random.nextInt(ops.length)], "k" + random.nextInt(KEYS), random.nextInt(100)));
        }
        return new Scripted(steps);
    }
}
