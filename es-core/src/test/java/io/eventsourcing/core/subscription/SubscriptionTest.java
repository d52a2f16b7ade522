package io.eventsourcing.core.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.eventsourcing.core.log.LogFilter;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SubscriptionTest {

    private static final SubscriptionHandler HANDLER = events -> {};

    private static Subscription.Builder mails() {
        return Subscription.named("mails");
    }

    @Test
    void usuallyFollowsStreamsInSixteenSegmentsAndWaitsForNothing() {
        Subscription usual = mails().handledBy(HANDLER);

        assertThat(usual.name()).isEqualTo("mails");
        assertThat(usual.segments()).isEqualTo(16);
        assertThat(usual.sequencing()).isEqualTo(SequencingPolicy.byStream());
        assertThat(usual.delivery()).isEqualTo(Delivery.AT_LEAST_ONCE);
        assertThat(usual.batchSize()).isEqualTo(100);
        assertThat(usual.linger()).isZero();
        assertThat(usual.retry()).isEqualTo(RetryPolicy.DEFAULT);
        assertThat(usual.parallelism()).isEqualTo(4);
        assertThat(usual.handler()).isSameAs(HANDLER);
    }

    @Test
    void archivedEventsComeWhateverTheFilterIs() {
        assertThat(mails().filter(LogFilter.ALL.ofTypes(List.of("sold")))
                        .handledBy(HANDLER)
                        .filter())
                .isEqualTo(LogFilter.ALL.ofTypes(List.of("sold")).withArchived());
    }

    @Test
    void oneOrderHasOneSegmentAndOneThreadWhateverWasAskedFor() {
        Subscription single =
                mails().segments(8).sequencedBy(SequencingPolicy.single()).handledBy(HANDLER);

        assertThat(single.segments()).isEqualTo(1);
        assertThat(single.parallelism()).isEqualTo(1);
    }

    @Test
    void thereAreNoMoreThreadsThanSegments() {
        assertThat(mails().parallelism(9).segments(3).handledBy(HANDLER).parallelism())
                .isEqualTo(3);
    }

    static Stream<Arguments> wrongNumbers() {
        return Stream.of(
                arguments(with(mails -> mails.segments(0)), "segments", 0, 1_024),
                arguments(with(mails -> mails.segments(1_025)), "segments", 1_025, 1_024),
                arguments(with(mails -> mails.batchSize(0)), "events in a batch", 0, 10_000),
                arguments(with(mails -> mails.batchSize(10_001)), "events in a batch", 10_001, 10_000),
                arguments(with(mails -> mails.parallelism(-1)), "threads", -1, 1_024),
                arguments(with(mails -> mails.parallelism(1_025)), "threads", 1_025, 1_024));
    }

    private static UnaryOperator<Subscription.Builder> with(UnaryOperator<Subscription.Builder> change) {
        return change;
    }

    @ParameterizedTest
    @MethodSource("wrongNumbers")
    void aNumberOutOfRangeIsNamedWithItsRange(
            UnaryOperator<Subscription.Builder> change, String what, int number, int largest) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> change.apply(mails()))
                .withMessage(
                        "The number of %s of subscription 'mails' is %d. It was not made. Give 1 to %d.",
                        what, number, largest);
    }

    @Test
    void theLargestAndSmallestNumbersAreTaken() {
        Subscription largest =
                mails().segments(1_024).batchSize(10_000).parallelism(1_024).handledBy(HANDLER);
        assertThat(largest.segments()).isEqualTo(Subscription.MAX_SEGMENTS);
        assertThat(largest.batchSize()).isEqualTo(Subscription.MAX_BATCH);
        assertThat(largest.parallelism()).isEqualTo(Subscription.MAX_SEGMENTS);

        Subscription smallest = mails().segments(1).batchSize(1).parallelism(1).handledBy(HANDLER);
        assertThat(smallest.segments()).isEqualTo(1);
    }

    @Test
    void aNegativeLingerIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mails().linger(Duration.ofMillis(-1)))
                .withMessage("The linger of subscription 'mails' cannot be negative, but is PT-0.001S.");
    }

    @Test
    void aNameIsAnIdentifierOfAtMostAHundredCharacters() {
        assertThat(Subscription.named("n".repeat(100)).handledBy(HANDLER).name())
                .hasSize(100);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Subscription.named("n".repeat(101)))
                .withMessageContaining("name of a subscription has 101 characters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Subscription.named(" "))
                .withMessageContaining("name of a subscription is blank");
    }

    @Test
    @SuppressWarnings("NullAway")
    void whatIsNullIsNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> mails().handledBy(null))
                .withMessage("The handler of subscription 'mails' is null.");
        assertThatNullPointerException()
                .isThrownBy(() -> mails().startingAt(null))
                .withMessage("The start of subscription 'mails' is null.");
    }
}
