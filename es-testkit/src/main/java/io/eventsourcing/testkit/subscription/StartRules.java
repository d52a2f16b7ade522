package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.PositionAheadOfLogException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.SequencingPolicy;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.SubscriptionMismatchException;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is not started. */
abstract class StartRules extends SubscriptionRules {

    StartRules(Function<EventSerialization, SubscriptionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    @Test
    void aSubscriptionThatIsDividedDifferentlyIsNotStarted() {
        Node node = node().running(subscription().segments(4).handledBy(handled.handler()));
        node.subscriptions.stop(name);
        assertThatThrownBy(() -> node.running(subscription().segments(8).handledBy(handled.handler())))
                .isInstanceOf(SubscriptionMismatchException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("8 segments")
                .hasMessageContaining("4 segments");
        assertThatThrownBy(() -> node.running(subscription()
                        .segments(4)
                        .sequencedBy(SequencingPolicy.byTag("course"))
                        .handledBy(handled.handler())))
                .isInstanceOf(SubscriptionMismatchException.class);
        node.running(subscription().segments(4).handledBy(handled.handler()));
    }

    @Test
    void aStartThatTheLogHasNotReachedIsRefused() {
        GlobalPosition ahead = new GlobalPosition(store.log().now().value() + 1_000_000);
        assertThatThrownBy(() -> node().running(subscription()
                        .startingAt(StartPosition.after(ahead))
                        .handledBy(handled.handler())))
                .isInstanceOf(PositionAheadOfLogException.class);
        append("c-1", 1);
        node().running(subscription().handledBy(handled.handler()));
        handled.await(1);
    }

    @Test
    void twoSubscriptionsOfOneNameAreRefused() {
        Node node = node().running(subscription().handledBy(handled.handler()));
        assertThatThrownBy(() -> node.running(subscription().handledBy(handled.handler())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(name);
        assertThatThrownBy(() -> node.subscriptions.parked().retry("unknown", "k"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
        append("c-1", 1); // the first one goes on
        handled.await(1);
        assertThat(handled.numbers()).containsExactly(1);
    }
}
