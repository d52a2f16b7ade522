package io.eventsourcing.core.subscription;

import static io.eventsourcing.core.subscription.Entries.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.HighWaterMark;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a subscription starts in a log whose last event stands at 40, and whose first one of 1970 at 30. */
class StartPositionTest {

    private static final Instant YEAR_1970 = Instant.EPOCH;

    private final EventLogPort log = new EventLogPort() {
        @Override
        public LogPage read(LogQuery query) {
            if (query.after().compareTo(at(40)) > 0) {
                throw new PositionAheadOfLogException(query.after(), at(40));
            }
            return new LogPage(List.of(), at(40), at(40), true);
        }

        @Override
        public GlobalPosition now() {
            return at(40);
        }

        @Override
        public GlobalPosition before(Instant time) {
            assertThat(time).isEqualTo(YEAR_1970);
            return at(29);
        }

        @Override
        public HighWaterMark highWaterMark() {
            throw new AssertionError("not asked for");
        }
    };

    @Test
    void startsWhereItSays() {
        assertThat(StartPosition.beginning().in(log)).isEqualTo(GlobalPosition.START);
        assertThat(StartPosition.now().in(log)).isEqualTo(at(40));
        assertThat(StartPosition.at(YEAR_1970).in(log)).isEqualTo(at(29));
        assertThat(StartPosition.after(at(40)).in(log)).isEqualTo(at(40));
    }

    @Test
    void doesNotStartWhereTheLogHasNotComeTo() {
        assertThatThrownBy(() -> StartPosition.after(at(41)).in(log)).isInstanceOf(PositionAheadOfLogException.class);
    }

    /** So old events cause no effects outside again, and a read model in the store lacks none. */
    @Test
    void startsWhereItIsSafeUnlessToldOtherwise() {
        Subscription.Builder subscription = Subscription.named("s");

        assertThat(subscription.handledBy(events -> {}).start().in(log)).isEqualTo(at(40));
        assertThat(subscription
                        .delivery(Delivery.IN_TRANSACTION)
                        .handledBy(events -> {})
                        .start()
                        .in(log))
                .isEqualTo(GlobalPosition.START);
        assertThat(subscription
                        .startingAt(StartPosition.after(at(7)))
                        .handledBy(events -> {})
                        .start()
                        .in(log))
                .isEqualTo(at(7));
    }
}
