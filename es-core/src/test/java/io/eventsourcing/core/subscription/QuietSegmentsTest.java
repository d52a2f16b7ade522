package io.eventsourcing.core.subscription;

import static io.eventsourcing.core.subscription.Entries.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.LogPage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a segment that has begun to note how far it has come. */
class QuietSegmentsTest {

    private final HandDrivenHost host = new HandDrivenHost();
    private final OneCheckpoint checkpoints = new OneCheckpoint();
    private final QuietSegments quietSegments = new QuietSegments(checkpoints);
    private final SegmentRunner runner = new SegmentRunner(
            Subscription.named("s").handledBy(events -> {}),
            checkpoints,
            new OwnedSegment(OneCheckpoint.START, false, false),
            host);

    @BeforeEach
    void readAPageOfOthers() {
        runner.offer(at(10), new LogPage(List.of(), at(20), at(20), true), List.of(), 1);
    }

    private Map<SegmentRunner, GlobalPosition> begun() {
        return Map.of(runner, Objects.requireNonNull(runner.beginNote()));
    }

    @Test
    void theCheckpointOfAQuietSegmentMoves() {
        quietSegments.advance(begun());

        assertThat(checkpoints.stored.position()).isEqualTo(at(20));
        assertThat(runner.held()).isEqualTo(checkpoints.stored);
        assertThat(runner.beginNote()).as("nothing new").isNull();
    }

    @Test
    void aCheckpointThatIsLockedIsMovedTheNextTime() {
        checkpoints.isLocked = true;
        quietSegments.advance(begun());
        assertThat(host.ended).isEmpty();

        checkpoints.isLocked = false;
        quietSegments.advance(begun());
        assertThat(checkpoints.stored.position()).isEqualTo(at(20));
    }

    @Test
    void whatWasCommittedWithoutAnAnswerIsFoundOutByTheNextRenewal() {
        checkpoints.failure = new EventStoreUnavailableException("away", new IllegalStateException());

        assertThatExceptionOfType(EventStoreUnavailableException.class)
                .isThrownBy(() -> quietSegments.advance(begun()));
        assertThat(host.ended).containsExactly(runner);
    }
}
