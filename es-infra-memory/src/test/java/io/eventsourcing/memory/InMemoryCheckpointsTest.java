package io.eventsourcing.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.Lease;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.SegmentId;
import io.eventsourcing.core.subscription.SegmentLostException;
import io.eventsourcing.core.subscription.Sequencing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is particular to memory; the contract suite in es-testkit covers the rest. */
class InMemoryCheckpointsTest {

    private static final SegmentId SEGMENT = new SegmentId("invoices", 0);

    private final SettableClock clock = new SettableClock();
    private final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints(clock);

    @BeforeEach
    void register() {
        checkpoints.register("invoices", new Sequencing(1, "per-stream"), () -> GlobalPosition.START);
    }

    @Test
    void aLeaseLastsUntilItsEndByTheClock() {
        Checkpoint held = own(UUID.randomUUID()).get(0).checkpoint();
        UUID other = UUID.randomUUID();

        clock.pass(Duration.ofSeconds(10).minusNanos(1));
        assertThat(own(other)).isEmpty();
        Checkpoint moved = checkpoints.advance(held, new GlobalPosition(1));

        clock.pass(Duration.ofNanos(1));
        assertThatThrownBy(() -> checkpoints.advance(moved, new GlobalPosition(2)))
                .isInstanceOf(SegmentLostException.class);
        assertThat(own(other)).hasSize(1);
    }

    @Test
    void aRenewedLeaseLastsLonger() {
        UUID node = UUID.randomUUID();
        List<OwnedSegment> owned = own(node);

        clock.pass(Duration.ofSeconds(9));
        assertThat(own(node)).isEqualTo(owned);
        clock.pass(Duration.ofSeconds(9));

        assertThat(own(node)).isEqualTo(owned);
    }

    @Test
    void rejectsALockOutsideOfATransaction() {
        assertThatThrownBy(() -> checkpoints.lock(SEGMENT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("invoices/0", "inTransaction");
    }

    @Test
    void holdsALockUntilTheOutermostTransactionEnds() {
        checkpoints.inTransaction(() -> {
            checkpoints.inTransaction(() -> checkpoints.lock(SEGMENT));
            assertThatCode(() -> checkpoints.lock(SEGMENT)).doesNotThrowAnyException();
        });
        assertThatThrownBy(() -> checkpoints.lock(SEGMENT)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void rejectsAReasonThatIsEmptyOrTooLong() {
        ParkedEvent event = new ParkedEvent(
                SEGMENT,
                "key",
                new GlobalPosition(1),
                EventId.next(),
                StreamId.of("order", "1"),
                1,
                "error",
                clock.instant());
        for (String reason : List.of("", "x".repeat(1_001))) {
            assertThatThrownBy(() -> checkpoints.discard(event, reason))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(reason.length() + " characters");
        }
    }

    private List<OwnedSegment> own(UUID node) {
        return checkpoints.renew(
                new Lease(node, "node", Map.of("invoices", Set.of()), Set.of(), Duration.ofSeconds(10)));
    }

    private static final class SettableClock extends Clock {

        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
