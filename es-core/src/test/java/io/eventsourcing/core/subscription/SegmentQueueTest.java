package io.eventsourcing.core.subscription;

import static io.eventsourcing.core.subscription.Entries.at;
import static io.eventsourcing.core.subscription.Entries.large;
import static io.eventsourcing.core.subscription.Entries.routed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentQueueTest {

    private final SegmentQueue queue = new SegmentQueue(at(10), 3);

    private List<Long> waiting() {
        return queue.first(100).stream()
                .map(routed -> routed.position().value())
                .toList();
    }

    @Test
    void takesWhatFollowsOnWhatItHas() {
        queue.offer(at(10), at(20), routed("k", 12, 15), -1);
        queue.offer(at(20), at(30), routed("k", 25), -1);

        assertThat(waiting()).containsExactly(12L, 15L, 25L);
        assertThat(queue.readTo()).isEqualTo(at(30));
    }

    @Test
    void takesOnlyWhatIsNewOfAPageThatOverlaps() {
        queue.offer(at(5), at(20), routed("k", 8, 10, 12), -1);

        assertThat(waiting()).containsExactly(12L);
    }

    /** Between its end and the page there may be events that nobody would read again. */
    @Test
    void takesNothingBeyondAGap() {
        queue.offer(at(11), at(20), routed("k", 12), -1);

        assertThat(waiting()).isEmpty();
        assertThat(queue.readTo()).isEqualTo(at(10));
    }

    @Test
    void takesNothingOfAPageThatEndsBeforeIt() {
        queue.offer(at(1), at(9), routed("k", 8), 7);

        assertThat(waiting()).isEmpty();
        assertThat(queue.readTo()).isEqualTo(at(10));
        assertThat(queue.wantsMore(1)).isTrue();
    }

    @Test
    void wantsNoMoreWhenItIsFullUntilThereIsRoom() {
        queue.offer(at(10), at(20), routed("k", 12, 13, 14), -1);
        assertThat(queue.wantsMore(0)).isFalse();

        queue.removeTo(at(12));
        assertThat(queue.wantsMore(0)).isTrue();
        assertThat(waiting()).containsExactly(13L, 14L);
    }

    @Test
    void wantsNoMoreWhenWhatWaitsIsTooLongTogetherUntilThereIsRoom() {
        queue.offer(at(10), at(20), List.of(large(12, 1024 * 1024)), -1);
        assertThat(queue.wantsMore(0)).isTrue();
        queue.offer(at(20), at(30), List.of(large(22, 1024 * 1024)), -1);
        assertThat(queue.wantsMore(0)).isFalse();

        queue.removeTo(at(12));
        assertThat(queue.wantsMore(0)).isTrue();
    }

    /** Or an event that is too long would wait for ever. */
    @Test
    void takesAnEventHoweverLongItIs() {
        queue.offer(at(10), at(20), List.of(large(12, 3 * 1024 * 1024)), -1);
        assertThat(waiting()).containsExactly(12L);

        queue.removeTo(at(12));
        assertThat(queue.wantsMore(0)).isTrue();
        assertThat(queue.waitedNanos()).isZero();
    }

    @Test
    void wantsNoMoreAtTheEndOfTheLogUntilThatHasGrown() {
        assertThat(queue.wantsMore(0)).isTrue();

        queue.offer(at(10), at(20), List.of(), 4);

        assertThat(queue.wantsMore(4)).isFalse();
        assertThat(queue.wantsMore(5)).isTrue();
    }

    @Test
    void everythingIsHandledUpToWhereItWasReadIfNothingWaits() {
        queue.offer(at(10), at(20), routed("k", 12), -1);
        assertThat(queue.handledTo()).isNull();

        queue.removeTo(at(12));
        assertThat(queue.handledTo()).isEqualTo(at(20));
    }
}
