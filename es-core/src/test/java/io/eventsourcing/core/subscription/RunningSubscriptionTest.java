package io.eventsourcing.core.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunningSubscriptionTest {

    private final RunningSubscription running = new RunningSubscription(
            Subscription.named("s").handledBy(events -> {}), null, new OneCheckpoint(), null, () -> true);

    /** What hindered it here hinders it no more. */
    @Test
    void theOutageOfASegmentThatIsElsewhereIsOver() {
        running.report(SegmentRunner.nameOf(3), new IllegalStateException("no"));
        assertThat(running.status().problem()).contains("segment 3");

        running.owns(List.of(), Set.of());
        assertThat(running.status().problem()).isNull();
    }
}
