package io.eventsourcing.core.subscription;

import static io.eventsourcing.core.subscription.Entries.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which method gets an event, and which methods can get none. */
class EventHandlersTest {

    private static final EventTypes EVENTS = EventTypes.of(Opened.class, Closed.class, Alarm.class);

    private final List<Object> calls = new ArrayList<>();

    sealed interface DoorEvent {}

    @EventType("opened")
    record Opened() implements DoorEvent {}

    @EventType("closed")
    record Closed() implements DoorEvent {}

    @EventType("alarm")
    record Alarm() {}

    private static RecordedEvent event(long position, Object payload) {
        return new RecordedEvent(
                StreamId.of("door", "d-1"),
                new StreamVersion(1),
                at(position),
                0,
                EventId.next(),
                EVENTS.typeOf(payload.getClass()),
                payload,
                EventMetadata.NONE,
                Set.of(),
                Instant.EPOCH);
    }

    private static EventHandlers handlers(Object target) {
        return EventHandlers.of(target, target.getClass(), EVENTS);
    }

    class ByClassInterfaceAndAll {

        @EventHandler
        void opened(Opened event) {
            calls.add("opened");
        }

        @EventHandler
        void any(RecordedEvent event) {
            calls.add("any");
        }

        @EventHandler
        void door(DoorEvent event) {
            calls.add("door");
        }
    }

    @Test
    void theMostSpecificMethodGetsAnEvent() throws Exception {
        handlers(new ByClassInterfaceAndAll())
                .handle(List.of(event(1, new Closed()), event(2, new Alarm()), event(3, new Opened())));

        assertThat(calls).containsExactly("door", "any", "opened");
    }

    @Test
    void whoHasAMethodForAllWantsAllTypes() {
        assertThat(handlers(new ByClassInterfaceAndAll()).eventTypes()).isEmpty();
    }

    class OnlyDoors {

        @EventHandler
        @SuppressWarnings("UnusedMethod") // called by reflection, which may call a private one
        private void door(DoorEvent event) {
            calls.add(event);
        }
    }

    @Test
    void anEventThatNoMethodFitsGoesToNoneAndIsNotAskedFor() throws Exception {
        EventHandlers doors = handlers(new OnlyDoors());

        doors.handle(List.of(event(1, new Alarm()), event(2, new Closed())));

        assertThat(calls).containsExactly(new Closed());
        assertThat(doors.eventTypes()).containsExactlyInAnyOrder("opened", "closed");
    }

    class WithMore {

        @EventHandler
        void opened(Opened event, RecordedEvent recorded, EventMetadata metadata) {
            calls.addAll(List.of(event, recorded, metadata));
        }
    }

    @Test
    void aMethodAlsoGetsTheRecordedEventAndTheMetadataInTheOrderOfItsParameters() throws Exception {
        RecordedEvent recorded = event(1, new Opened());

        handlers(new WithMore()).handle(List.of(recorded));

        assertThat(calls).containsExactly(recorded.payload(), recorded, recorded.metadata());
    }

    class Overriding extends ByClassInterfaceAndAll {

        @Override
        @EventHandler
        void opened(Opened event) {
            calls.add("overridden");
        }
    }

    @Test
    void methodsOfSuperclassesCountAndOnesThatAreOverriddenCountOnce() throws Exception {
        handlers(new Overriding()).handle(List.of(event(1, new Opened()), event(2, new Closed())));

        assertThat(calls).containsExactly("overridden", "door");
    }

    class Failing {

        private final Throwable thrown;

        Failing(Throwable thrown) {
            this.thrown = thrown;
        }

        @EventHandler
        void opened(Opened event) throws Throwable {
            throw thrown;
        }

        @EventHandler
        void closed(Closed event) {
            calls.add(event);
        }
    }

    static List<Throwable> errors() {
        return List.of(new IOException("disk"), new IllegalStateException("no"), new AssertionError("no"));
    }

    /** Without what reflection wraps around it, or {@link StopSubscriptionException} would be hard to see. */
    @ParameterizedTest
    @MethodSource("errors")
    void whatAMethodThrowsIsTheCauseOfWhatNamesItsEvent(Throwable error) {
        assertThatThrownBy(() -> handlers(new Failing(error))
                        .handle(List.of(event(7, new Closed()), event(8, new Opened()), event(9, new Closed()))))
                .hasCause(error)
                .hasMessageContaining("position 8")
                .asInstanceOf(type(EventNotHandledException.class))
                .extracting(EventNotHandledException::position)
                .isEqualTo(at(8));
        assertThat(calls).hasSize(1);
    }

    static final class NoMethod {}

    static final class NoParameter {
        @EventHandler
        void wrong() {}
    }

    static final class Primitive {
        @EventHandler
        void wrong(int number) {}
    }

    static final class MetadataFirst {
        @EventHandler
        void wrong(EventMetadata metadata) {}
    }

    static final class OtherParameter {
        @EventHandler
        void wrong(Opened event, String more) {}
    }

    static final class TwiceTheSame {
        @EventHandler
        void wrong(RecordedEvent event, RecordedEvent again) {}
    }

    static final class WithResult {
        @EventHandler
        boolean wrong(Opened event) {
            return true;
        }
    }

    static final class Static {
        @EventHandler
        static void wrong(Opened event) {}
    }

    static List<Object> targetsThatCannotBeCalled() {
        return List.of(
                new NoParameter(),
                new Primitive(),
                new MetadataFirst(),
                new OtherParameter(),
                new TwiceTheSame(),
                new WithResult(),
                new Static());
    }

    @ParameterizedTest
    @MethodSource("targetsThatCannotBeCalled")
    void aMethodThatCannotBeCalledWithAnEventIsRefused(Object target) {
        assertThatThrownBy(() -> handlers(target))
                .isInstanceOf(EventHandlerConfigurationException.class)
                .hasMessageStartingWith("The method " + target.getClass().getName() + ".wrong[")
                .hasMessageContaining("cannot be called with an event. It was not started.");
    }

    @Test
    void whoHasNoMethodIsRefused() {
        assertThatThrownBy(() -> handlers(new NoMethod()))
                .isInstanceOf(EventHandlerConfigurationException.class)
                .hasMessageStartingWith(NoMethod.class.getName() + " has no method with @EventHandler");
    }

    static final class OfNoEvent {
        @EventHandler
        void text(String text) {}
    }

    @Test
    void aMethodForNoEventThatThereIsIsRefusedWithThoseThatThereAre() {
        assertThatThrownBy(() -> handlers(new OfNoEvent()))
                .isInstanceOf(EventHandlerConfigurationException.class)
                .hasMessageContaining("OfNoEvent.text[String] handles no event that is registered")
                .hasMessageContaining("Registered are: " + Alarm.class.getName() + ", " + Closed.class.getName());
    }

    static final class Undecided {
        @EventHandler
        void one(Opened event) {}

        @EventHandler
        void other(Opened event, RecordedEvent recorded) {}
    }

    @Test
    void twoMethodsThatFitAnEventEquallyWellAreRefused() {
        assertThatThrownBy(() -> handlers(new Undecided()))
                .isInstanceOf(EventHandlerConfigurationException.class)
                .hasMessageContaining("both fit the event " + Opened.class.getName())
                .hasMessageContaining("neither is more specific");
    }

    /** As a proxy that is no subclass of what it stands for. */
    @Test
    void aTargetThatDoesNotHaveTheMethodIsRefused() {
        assertThatThrownBy(() -> EventHandlers.of(new NoMethod(), ByClassInterfaceAndAll.class, EVENTS))
                .isInstanceOf(EventHandlerConfigurationException.class)
                .hasMessageContaining("cannot be called on " + NoMethod.class.getName());
    }

    class Proxy extends OnlyDoors {}

    /** It would be called on the proxy, whose fields are empty. */
    @Test
    void aPrivateMethodBehindAProxyIsRefused() {
        assertThatThrownBy(() -> EventHandlers.of(new Proxy(), OnlyDoors.class, EVENTS))
                .isInstanceOf(EventHandlerConfigurationException.class)
                .hasMessageContaining("OnlyDoors.door[DoorEvent] cannot be called on " + Proxy.class.getName());
    }
}
