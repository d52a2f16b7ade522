package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.EventNotReadableException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.serialization.TypedPayload;
import io.eventsourcing.core.serialization.UnknownEventTypeException;
import io.eventsourcing.core.serialization.Upcaster;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.testkit.eventstore.ContractEvent.Noted;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Events that an older version of the application wrote: upcast when they are read, or refused by name. */
abstract class UpcastingRules extends StoreRules {

    private static final VersionedType NOTED = new VersionedType("contract-noted", 1);
    private static final VersionedType PRICED = new VersionedType("contract-priced", 1);
    private static final VersionedType PAIR = new VersionedType("contract-pair", 1);

    UpcastingRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    record Priced(BigDecimal amount) {}

    record PricedInCurrency(BigDecimal amount, String currency) {}

    record PricedWithTax(BigDecimal amount, String currency, boolean taxed) {}

    record Pair(String left, String right) {}

    private static final Upcaster ADD_CURRENCY =
            Upcaster.next(PRICED, json -> ((ObjectNode) json).put("currency", "EUR"));
    private static final Upcaster ADD_TAX = Upcaster.next(PRICED.at(2), json -> ((ObjectNode) json).put("taxed", true));
    private static final Upcaster SPLIT_PAIR =
            Upcaster.split(PAIR, Set.of(NOTED), json -> List.of(noted(json.get("left")), noted(json.get("right"))));

    private static TypedPayload noted(JsonNode text) {
        return new TypedPayload(NOTED, JsonNodeFactory.instance.objectNode().set("text", text));
    }

    private static EventSerialization serialization(VersionedType type, Class<?> eventClass, Upcaster... upcasters) {
        EventTypes types = EventTypes.builder()
                .register(NOTED, Noted.class)
                .register(type, eventClass)
                .build();
        return EventSerialization.builder(types).upcasters(List.of(upcasters)).build();
    }

    private void openOldStore() {
        EventTypes types = EventTypes.builder()
                .register(NOTED, Noted.class)
                .register(PRICED, Priced.class)
                .register(PAIR, Pair.class)
                .build();
        reopen(EventSerialization.builder(types).build());
    }

    private void openNewStore(Upcaster... upcasters) {
        reopen(EventSerialization.builder(
                        EventTypes.builder().register(NOTED, Noted.class).build())
                .upcasters(List.of(upcasters))
                .build());
    }

    private StreamId oldStreamOf(Object... payloads) {
        openOldStore();
        StreamId stream = newStream();
        append(stream, ExpectedVersion.noStream(), payloads);
        return stream;
    }

    @Test
    void upcastsToTheNextSchemaVersion() {
        StreamId stream = oldStreamOf(new Priced(new BigDecimal("1.50")));

        reopen(serialization(PRICED.at(2), PricedInCurrency.class, ADD_CURRENCY));

        RecordedEvent event = store.load(stream).toList().get(0);
        assertThat(event.payload()).isEqualTo(new PricedInCurrency(new BigDecimal("1.50"), "EUR"));
        assertThat(event.type()).isEqualTo(PRICED.at(2));
    }

    @Test
    void upcastsOverSeveralSchemaVersions() {
        StreamId stream = oldStreamOf(new Priced(new BigDecimal("1.50")));
        reopen(serialization(PRICED.at(2), PricedInCurrency.class, ADD_CURRENCY));
        append(stream, ExpectedVersion.any(), new PricedInCurrency(BigDecimal.TEN, "USD"));

        reopen(serialization(PRICED.at(3), PricedWithTax.class, ADD_CURRENCY, ADD_TAX));
        append(stream, ExpectedVersion.any(), new PricedWithTax(BigDecimal.ONE, "CHF", false));

        assertThat(store.load(stream).toList())
                .extracting(RecordedEvent::payload)
                .containsExactly(
                        new PricedWithTax(new BigDecimal("1.50"), "EUR", true),
                        new PricedWithTax(BigDecimal.TEN, "USD", true),
                        new PricedWithTax(BigDecimal.ONE, "CHF", false));
    }

    @Test
    void readsARenamedType() {
        StreamId stream = oldStreamOf(new Priced(BigDecimal.TEN));
        VersionedType renamed = new VersionedType("contract-cost", 1);

        reopen(EventSerialization.builder(
                        EventTypes.builder().register(renamed, Priced.class).build())
                .upcasters(List.of(Upcaster.rename(PRICED, renamed)))
                .build());

        RecordedEvent event = store.load(stream).toList().get(0);
        assertThat(event.payload()).isEqualTo(new Priced(BigDecimal.TEN));
        assertThat(event.type()).isEqualTo(renamed);
    }

    @Test
    void splitsAnEventIntoPartsThatShareItsIdentity() {
        StreamId stream = newStream();
        openOldStore();
        append(
                stream,
                ExpectedVersion.any(),
                List.of(
                        note("first"),
                        NewEvent.of(new Pair("left", "right")).withTags(Tag.of("key", "value")),
                        note("last")));

        openNewStore(SPLIT_PAIR, Upcaster.drop(PRICED));

        List<RecordedEvent> events = store.load(stream).toList();
        assertThat(texts(events)).containsExactly("first", "left", "right", "last");
        assertThat(events).extracting(RecordedEvent::part).containsExactly(0, 0, 1, 0);
        assertThat(events).extracting(event -> event.version().value()).containsExactly(1L, 2L, 2L, 3L);
        RecordedEvent left = events.get(1);
        RecordedEvent right = events.get(2);
        assertThat(right)
                .usingRecursiveComparison()
                .ignoringFields("part", "payload")
                .isEqualTo(left);
        assertThat(right.tags()).containsExactly(Tag.of("key", "value"));
    }

    @Test
    void dropsAnEventAndStillCountsIt() {
        StreamId stream =
                oldStreamOf(new Noted("1"), new Priced(BigDecimal.ONE), new Noted("3"), new Priced(BigDecimal.TEN));

        openNewStore(Upcaster.drop(PRICED), SPLIT_PAIR);

        EventStream loaded = store.load(stream);
        assertThat(texts(loaded)).containsExactly("1", "3");
        assertThat(loaded.version()).isEqualTo(StreamVersion.of(4));
        assertThat(store.currentVersion(stream)).isEqualTo(StreamVersion.of(4));
        append(stream, ExpectedVersion.exactly(loaded.version()), noted(5, 5));
        assertThat(store.load(stream).toList())
                .extracting(event -> event.version().value())
                .containsExactly(1L, 3L, 5L);
    }

    @Test
    void limitsABackwardLoadByStoredEvents() {
        StreamId stream = oldStreamOf(new Noted("1"), new Pair("2", "3"), new Priced(BigDecimal.ONE));

        openNewStore(Upcaster.drop(PRICED), SPLIT_PAIR);

        assertThat(texts(store.loadBackward(stream, 1))).isEmpty();
        assertThat(texts(store.loadBackward(stream, 2))).containsExactly("3", "2");
        assertThat(texts(store.loadBackward(stream, 3))).containsExactly("3", "2", "1");
    }

    @Test
    void leavesWhatIsStoredAsItIs() {
        StreamId stream = oldStreamOf(new Priced(BigDecimal.TEN));
        reopen(serialization(PRICED.at(2), PricedInCurrency.class, ADD_CURRENCY));
        store.load(stream).toList();

        openOldStore();

        assertThat(store.load(stream).toList())
                .extracting(RecordedEvent::payload)
                .containsExactly(new Priced(BigDecimal.TEN));
    }

    @Test
    void acknowledgesARetryFromBeforeASchemaChange() {
        openOldStore();
        StreamId stream = newStream();
        AppendRequest old = AppendRequest.of(stream, ExpectedVersion.noStream(), new Priced(BigDecimal.TEN));
        AppendResult original = store.append(old);

        reopen(serialization(PRICED.at(2), PricedInCurrency.class, ADD_CURRENCY));
        AppendResult retried = append(
                stream,
                ExpectedVersion.noStream(),
                List.of(NewEvent.of(new PricedInCurrency(BigDecimal.TEN, "EUR"))
                        .withId(old.events().get(0).id())));

        assertThat(retried.alreadyRecorded()).isTrue();
        assertThat(retried.positions()).isEqualTo(original.positions());
    }

    @Test
    void refusesToReadATypeThatIsNotRegistered() {
        StreamId stream = newStreamOf(1);
        openOldStore();
        AppendResult result = append(stream, ExpectedVersion.any(), new Pair(Secret.TEXT, "right"));

        reopen(ContractEvent.serialization());

        assertThatExceptionOfType(UnknownEventTypeException.class)
                .isThrownBy(() -> store.load(stream).toList())
                .withMessageContaining("type 'contract-pair' version 1 at version 2 of stream " + stream)
                .withMessageContaining("position " + result.positions().get(0))
                .satisfies(Secret::isNotIn);
    }

    @Test
    void refusesToReadASchemaVersionThatIsNewerThanTheOneItKnows() {
        reopen(serialization(PRICED.at(2), PricedInCurrency.class, ADD_CURRENCY));
        StreamId stream = newStream();
        AppendResult result = append(stream, ExpectedVersion.any(), new PricedInCurrency(BigDecimal.TEN, Secret.TEXT));

        openOldStore();

        assertThatExceptionOfType(UnknownEventTypeException.class)
                .isThrownBy(() -> store.load(stream).toList())
                .withMessageContaining("type 'contract-priced' version 2 at version 1 of stream " + stream)
                .withMessageContaining("position " + result.positions().get(0))
                .withMessageContaining("newer than the schema version 1")
                .satisfies(Secret::isNotIn);
    }

    @Test
    void refusesToReadWhatDoesNotFitItsClass() {
        StreamId stream = oldStreamOf(new Pair(Secret.TEXT, "right"));

        reopen(serialization(PAIR, PairOfNumbers.class));

        assertNotReadable(stream, "does not fit its class");
    }

    record PairOfNumbers(int left, int right) {}

    @Test
    void refusesToReadWhatAnUpcasterFailsOn() {
        StreamId stream = oldStreamOf(new Pair(Secret.TEXT, "right"));

        openNewStore(Upcaster.drop(PRICED), Upcaster.split(PAIR, Set.of(NOTED), json -> {
            throw new UnsupportedOperationException("not written yet");
        }));

        assertNotReadable(stream, "UnsupportedOperationException");
    }

    private void assertNotReadable(StreamId stream, String reason) {
        assertThatExceptionOfType(EventNotReadableException.class)
                .isThrownBy(() -> store.load(stream).toList())
                .withMessageContaining("version 1 of stream " + stream)
                .withMessageContaining(reason)
                .satisfies(Secret::isNotIn);
    }

    @Test
    void readsTheEventsBeforeOneThatItCannotRead() {
        StreamId stream = oldStreamOf(new Noted("1"), new Noted("2"), new Pair("left", "right"));
        reopen(ContractEvent.serialization());

        Iterator<RecordedEvent> events = store.load(stream).iterator();

        assertThat(texts(List.of(events.next(), events.next()))).containsExactly("1", "2");
        assertThatExceptionOfType(UnknownEventTypeException.class).isThrownBy(events::next);
        assertThat(append(stream, ExpectedVersion.exactly(3), noted(4, 4)).version())
                .isEqualTo(StreamVersion.of(4));
        assertThat(texts(store.load(stream, StreamVersion.of(4)))).containsExactly("4");
    }
}
