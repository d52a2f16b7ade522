package io.eventsourcing.core.subscription;

import static io.eventsourcing.core.subscription.Entries.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventBusTest {

    private final EventBus bus = new EventBus();
    private final List<String> calls = new ArrayList<>();

    private SubscriptionHandler.OneByOne noting(String name) {
        return event -> calls.add(name + event.position());
    }

    @Test
    void anEventGoesToAllInTheOrderInWhichTheySubscribedBeforeTheNextOneGoesToAny() throws Exception {
        bus.subscribe(noting("a"));
        bus.subscribe(noting("b"));

        bus.publish(Entries.recorded(11, 12));

        assertThat(calls).containsExactly("a11", "b11", "a12", "b12");
    }

    @Test
    void theFirstThatFailsEndsThePublicationAtItsEvent() {
        IllegalStateException error = new IllegalStateException("no");
        bus.subscribe(noting("a"));
        bus.subscribe(event -> {
            if (event.position().equals(at(12))) {
                throw error;
            }
        });
        bus.subscribe(noting("c"));

        assertThatThrownBy(() -> bus.publish(Entries.recorded(11, 12, 13)))
                .hasCause(error)
                .asInstanceOf(type(EventNotHandledException.class))
                .extracting(EventNotHandledException::position)
                .isEqualTo(at(12));
        assertThat(calls).containsExactly("a11", "c11", "a12");
    }

    @Test
    void whoIsTakenAwayGetsNothingMore() throws Exception {
        Runnable away = bus.subscribe(noting("a"));
        bus.subscribe(noting("b"));

        away.run();
        bus.publish(Entries.recorded(11));

        assertThat(calls).containsExactly("b11");
    }

    @Test
    void nobodyNeedsToSubscribe() throws Exception {
        bus.publish(Entries.recorded(11));

        assertThat(calls).isEmpty();
    }
}
