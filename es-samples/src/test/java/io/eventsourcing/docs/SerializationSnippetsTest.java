package io.eventsourcing.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.serialization.JsonMapperCustomizer;
import io.eventsourcing.core.serialization.MissingUpcasterException;
import io.eventsourcing.core.serialization.PayloadCodec;
import io.eventsourcing.core.serialization.PayloadContext;
import io.eventsourcing.core.serialization.PayloadNotWritableException;
import io.eventsourcing.core.serialization.PayloadTooLargeException;
import io.eventsourcing.core.serialization.TypedPayload;
import io.eventsourcing.core.serialization.UnknownEventTypeException;
import io.eventsourcing.core.serialization.UnregisteredEventClassException;
import io.eventsourcing.core.serialization.Upcaster;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.snapshot.SnapshotType;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.memory.InMemoryEventStore;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What docs/serialization.md shows: a store of last year's classes, opened again with today's. */
class SerializationSnippetsTest {

    private static final StreamId STREAM = StreamId.of("customer", "c-1");

    record OldRegistered(String name, String street, String city) {}

    record OldRenamed(String text) {}

    record OldDropped(String page) {}

    private final InMemoryEventStore old = new InMemoryEventStore(EventSerialization.builder(EventTypes.builder()
                    .register(new VersionedType("customer-registered", 1), OldRegistered.class)
                    .register(new VersionedType("remark-made", 1), OldRenamed.class)
                    .register(new VersionedType("page-viewed", 1), OldDropped.class)
                    .build())
            .snapshotType(new VersionedType("customer", 1), OldState.class)
            .build());

    record OldState(String name) {}

    // tag::types
    sealed interface CustomerEvent {

        @EventType(value = "customer-registered", schemaVersion = 2)
        record Registered(String firstName, String lastName) implements CustomerEvent {}

        @EventType("customer-moved")
        record Moved(String street, String city) implements CustomerEvent {}

        @EventType("note-added")
        record NoteAdded(String text) implements CustomerEvent {}
    }
    // end::types

    @SnapshotType(value = "customer", schemaVersion = 2)
    record Customer(String firstName, String lastName) {}

    private static EventSerialization current() {
        // tag::serialization
        return EventSerialization.builder(EventTypes.of(CustomerEvent.class)) // every record that it permits
                .upcasters(List.of(splitRegistered(), renameRemark(), dropPageViewed()))
                .snapshotUpcasters(List.of(splitName()))
                .build();
        // end::serialization
    }

    // tag::split
    static Upcaster splitRegistered() {
        VersionedType registered = new VersionedType("customer-registered", 2);
        VersionedType moved = new VersionedType("customer-moved", 1);
        return Upcaster.split(registered.at(1), Set.of(registered, moved), json -> {
            String[] name = json.get("name").stringValue().split(" ", 2);
            ObjectNode first = JsonNodeFactory.instance.objectNode();
            first.put("firstName", name[0]).put("lastName", name[1]);
            ObjectNode second = JsonNodeFactory.instance.objectNode();
            second.set("street", json.get("street"));
            second.set("city", json.get("city"));
            return List.of(new TypedPayload(registered, first), new TypedPayload(moved, second));
        });
    }
    // end::split

    // tag::rename
    static Upcaster renameRemark() {
        return Upcaster.rename(new VersionedType("remark-made", 1), new VersionedType("note-added", 1));
    }
    // end::rename

    // tag::drop
    static Upcaster dropPageViewed() {
        return Upcaster.drop(new VersionedType("page-viewed", 1));
    }
    // end::drop

    // tag::next
    static Upcaster splitName() {
        return Upcaster.next(new VersionedType("customer", 1), json -> {
            ObjectNode customer = (ObjectNode) json;
            String[] name = customer.remove("name").stringValue().split(" ", 2);
            return customer.put("firstName", name[0]).put("lastName", name[1]);
        });
    }
    // end::next

    @Test
    void readsOldEventsAsTodaysClasses() {
        append(
                old,
                new OldRegistered("Ada Lovelace", "St James's Square", "London"),
                new OldDropped("/home"),
                new OldRenamed("prefers letters"));

        List<RecordedEvent> events = old.reopenWith(current()).load(STREAM).toList();

        assertThat(events)
                .extracting(RecordedEvent::payload)
                .containsExactly(
                        new CustomerEvent.Registered("Ada", "Lovelace"),
                        new CustomerEvent.Moved("St James's Square", "London"),
                        new CustomerEvent.NoteAdded("prefers letters"));
        assertThat(events).extracting(RecordedEvent::part).containsExactly(0, 1, 0);
        assertThat(events)
                .extracting(event -> event.version().value())
                .as("what was split keeps one version, what was dropped leaves a hole")
                .containsExactly(1L, 1L, 3L);
        assertThat(old.reopenWith(current()).load(STREAM).version()).isEqualTo(StreamVersion.of(3));
    }

    @Test
    void upcastsSnapshotsAndIgnoresThoseThatNoUpcasterLeadsFrom() {
        append(old, new OldRenamed("prefers letters"));
        old.save(new Snapshot<>(STREAM, StreamVersion.of(1), new OldState("Ada Lovelace")));

        assertThat(old.reopenWith(current()).latest(STREAM, Customer.class))
                .map(Snapshot::state)
                .hasValue(new Customer("Ada", "Lovelace"));
        EventSerialization withoutUpcaster = EventSerialization.builder(EventTypes.of(CustomerEvent.class))
                .upcasters(List.of(splitRegistered(), renameRemark(), dropPageViewed()))
                .build();
        assertThat(old.reopenWith(withoutUpcaster).latest(STREAM, Customer.class))
                .isEmpty();
    }

    @Test
    void refusesAMissingUpcasterAtStart() {
        assertThatThrownBy(() -> EventSerialization.of(CustomerEvent.class))
                .isInstanceOf(MissingUpcasterException.class)
                .hasMessageContaining("no upcaster leads on from type 'customer-registered' version 1");
    }

    @Test
    void namesTheEventWhoseTypeIsUnknown() {
        append(old, new OldRenamed("prefers letters"));
        EventStorePort today = old.reopenWith(EventSerialization.of(CustomerEvent.Moved.class));
        assertThatThrownBy(() -> today.load(STREAM).toList())
                .isInstanceOf(UnknownEventTypeException.class)
                .hasMessageContaining(
                        "event of type 'remark-made' version 1 at version 1 of stream 'customer-c-1' (position 1)");
    }

    record OldMoved(String street, int floor) {}

    @Test
    void readsEventsWithoutAnAddedAndWithARemovedProperty() {
        InMemoryEventStore lastYear = new InMemoryEventStore(EventSerialization.builder(EventTypes.builder()
                        .register(new VersionedType("customer-moved", 1), OldMoved.class)
                        .build())
                .build());
        append(lastYear, new OldMoved("Main Street", 3));
        EventStorePort today = lastYear.reopenWith(EventSerialization.of(CustomerEvent.Moved.class));
        assertThat(today.load(STREAM))
                .extracting(RecordedEvent::payload)
                .containsExactly(new CustomerEvent.Moved("Main Street", null));
    }

    record Amount(BigDecimal value) {}

    record Text(String value) {}

    @Test
    void refusesWhatCannotBeStored() {
        EventSerialization small = EventSerialization.builder(EventTypes.builder()
                        .register(new VersionedType("text", 1), Text.class)
                        .build())
                .maxPayloadBytes(100)
                .build();
        EventStorePort store = new InMemoryEventStore(small);
        assertThatThrownBy(() -> append(store, new Text("a\u0000b")))
                .isInstanceOf(PayloadNotWritableException.class)
                .hasMessageContaining("U+0000");
        assertThatThrownBy(() -> append(store, new Text("\uD800"))).isInstanceOf(PayloadNotWritableException.class);
        assertThatThrownBy(() -> append(store, new Text("x".repeat(100)))).isInstanceOf(PayloadTooLargeException.class);
        assertThatThrownBy(() -> append(store, new Amount(BigDecimal.ONE)))
                .isInstanceOf(UnregisteredEventClassException.class);
        assertThat(store.exists(STREAM)).isFalse();
    }

    // tag::codec
    /** Stands for a cipher; a real one takes the key of the context's tenant or stream. */
    static final class Rot13 implements PayloadCodec {

        @Override
        public String name() {
            return "rot13";
        }

        @Override
        public boolean appliesTo(PayloadContext context) {
            return context.type().name().equals("note-added");
        }

        @Override
        public byte[] encode(PayloadContext context, byte[] plain) {
            return rotate(plain);
        }

        @Override
        public byte[] decode(PayloadContext context, byte[] encoded) {
            return rotate(encoded);
        }

        private static byte[] rotate(byte[] text) {
            byte[] rotated = text.clone();
            for (int i = 0; i < text.length; i++) {
                int letter = text[i] | 0x20;
                if (letter >= 'a' && letter <= 'z') {
                    rotated[i] += (byte) (letter <= 'm' ? 13 : -13);
                }
            }
            return rotated;
        }
    }
    // end::codec

    @Test
    void decodesWhatItEncodedAndReadsWhatIsOlderThanTheCodec() {
        EventTypes types = EventTypes.of(CustomerEvent.NoteAdded.class);
        InMemoryEventStore plain =
                new InMemoryEventStore(EventSerialization.builder(types).build());
        append(plain, new CustomerEvent.NoteAdded("before"));
        // tag::codecs
        EventSerialization encrypting =
                EventSerialization.builder(types).codecs(List.of(new Rot13())).build();
        // end::codecs
        EventStorePort store = plain.reopenWith(encrypting);
        append(store, new CustomerEvent.NoteAdded("after"));
        assertThat(store.load(STREAM))
                .extracting(RecordedEvent::payload)
                .containsExactly(new CustomerEvent.NoteAdded("before"), new CustomerEvent.NoteAdded("after"));
        assertThat(encrypting
                        .write(STREAM, NewEvent.of(new CustomerEvent.NoteAdded("after")))
                        .payload()
                        .codec())
                .isEqualTo("rot13");
        assertThatThrownBy(() -> plain.load(STREAM).toList()).hasMessageContaining("payload codec 'rot13'");
    }

    @Test
    void extendsTheMapper() {
        // tag::mapper
        JsonMapperCustomizer withoutNulls = mapper -> mapper.changeDefaultPropertyInclusion(
                inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL));
        EventSerialization serialization = EventSerialization.builder(EventTypes.of(CustomerEvent.Moved.class))
                .customizers(List.of(withoutNulls))
                .build();
        // end::mapper
        String json = serialization
                .write(STREAM, NewEvent.of(new CustomerEvent.Moved("Main Street", null)))
                .payload()
                .json();
        assertThat(json).isEqualTo("{\"street\":\"Main Street\"}");
    }

    private static void append(EventStorePort store, Object... payloads) {
        store.append(AppendRequest.of(STREAM, ExpectedVersion.any(), payloads));
    }
}
