package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Streams whose names are unusual: each is kept exactly and mistaken for no other. */
abstract class IdentifierRoundTripRules extends StoreRules {

    IdentifierRoundTripRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    @Test
    void tellsUnusualStreamIdsApart() {
        String unique = UUID.randomUUID().toString();

        assertAreDifferentStreams(Texts.UNUSUAL_IDENTIFIERS.stream()
                .flatMap(text -> Stream.of(
                        StreamId.of("contract", text + unique),
                        StreamId.of("contract", unique + text),
                        StreamId.of("contract", unique + ":" + text)))
                .toList());
    }

    @Test
    void tellsUnusualStreamTypesApart() {
        String id = UUID.randomUUID().toString();

        assertAreDifferentStreams(Texts.UNUSUAL_IDENTIFIERS.stream()
                .map(text -> StreamId.of(text, id))
                .toList());
    }

    @Test
    void tellsUnusualTenantsApart() {
        StreamId stream = newStream();

        assertAreDifferentStreams(Texts.UNUSUAL_IDENTIFIERS.stream()
                .map(text -> stream.inTenant(TenantId.of(text)))
                .toList());
    }

    @Test
    void tellsTypeAndIdApartWhereverTheBoundaryIs() {
        String id = UUID.randomUUID().toString();

        assertAreDifferentStreams(List.of(
                StreamId.of("a-b", "c-" + id),
                StreamId.of("a", "b-c-" + id),
                StreamId.of("a-b-c", id),
                StreamId.of("a", "b:c-" + id),
                new StreamId(TenantId.of("a"), "a", "b-c-" + id)));
    }

    @Test
    void doesNotTakeAnIdForAPattern() {
        String id = UUID.randomUUID().toString();

        assertAreDifferentStreams(Stream.of("a_c", "abc", "a%", "a.c", "a*")
                .map(pattern -> StreamId.of("contract", id + pattern))
                .toList());
    }

    @Test
    void keepsTheLongestNames() {
        String unique = UUID.randomUUID().toString();
        String id = unique + Texts.longest(StreamId.MAX_ID_LENGTH - unique.length());
        String type = Texts.longest(StreamId.MAX_TYPE_LENGTH);
        TenantId tenant = TenantId.of(Texts.longest(TenantId.MAX_LENGTH));

        assertAreDifferentStreams(List.of(
                new StreamId(tenant, type, id),
                new StreamId(tenant, type, id.substring(0, id.length() - 1)),
                new StreamId(tenant, "contract", id),
                StreamId.of(type, id)));
    }

    private void assertAreDifferentStreams(List<StreamId> streams) {
        streams.forEach(stream -> append(stream, ExpectedVersion.noStream(), noted(1, 1)));
        streams.forEach(stream -> append(stream, ExpectedVersion.exactly(1), List.of(note(stream.toString()))));

        assertThat(store.existing(streams)).hasSize(streams.size()).containsAll(streams);
        for (StreamId stream : streams) {
            assertStreamHolds(stream, "1", stream.toString());
            assertThat(store.load(stream).stream().map(RecordedEvent::stream)).containsOnly(stream);
        }
    }
}
