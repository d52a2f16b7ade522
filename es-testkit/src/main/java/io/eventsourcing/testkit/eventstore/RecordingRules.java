package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is kept beside the payload: identity, type, metadata, tags and both times. */
abstract class RecordingRules extends StoreRules {

    RecordingRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    private RecordedEvent recorded(NewEvent event) {
        StreamId stream = newStreamOf(1);
        append(stream, ExpectedVersion.exactly(1), List.of(event));
        return store.load(stream).toList().get(1);
    }

    private EventMetadata recorded(EventMetadata metadata) {
        return recorded(note("noted").withMetadata(metadata)).metadata();
    }

    private Set<Tag> recorded(Tag... tags) {
        return recorded(note("noted").withTags(tags)).tags();
    }

    @Test
    void recordsWhatAnEventIsAndWhereItStands() {
        StreamId stream = newStreamOf(1);
        NewEvent event = note("noted");

        append(stream, ExpectedVersion.any(), List.of(event));

        RecordedEvent recorded = store.load(stream).toList().get(1);
        assertThat(recorded.stream()).isEqualTo(stream);
        assertThat(recorded.version()).isEqualTo(StreamVersion.of(2));
        assertThat(recorded.part()).isZero();
        assertThat(recorded.id()).isEqualTo(event.id());
        assertThat(recorded.type()).isEqualTo(new VersionedType("contract-noted", 1));
        assertThat(recorded.payload()).isEqualTo(event.payload());
    }

    @Test
    void recordsEveryFieldOfTheMetadata() {
        EventMetadata metadata = EventMetadata.builder()
                .correlationId("correlation")
                .causationId("causation")
                .requestId("request")
                .actor("actor")
                .role("role")
                .source("source")
                .occurredAt(Instant.parse("2024-02-29T23:59:59.123456789Z"))
                .traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .attributes(Map.of("channel", "web", "", "of the empty name", "empty", ""))
                .build();

        assertThat(recorded(metadata)).isEqualTo(metadata);
    }

    @Test
    void recordsThatThereIsNoMetadata() {
        assertThat(recorded(EventMetadata.NONE)).isEqualTo(EventMetadata.NONE);
    }

    @Test
    void recordsAnyTextInTheMetadata() {
        for (String text : Texts.UNUSUAL) {
            EventMetadata metadata = EventMetadata.builder()
                    .actor(text)
                    .attributes(Map.of("attribute", text, text, "attribute"))
                    .build();

            assertThat(recorded(metadata)).isEqualTo(metadata);
        }
    }

    @Test
    void recordsWhenSomethingOccurredToTheNanosecondAtAnyTime() {
        for (String time : List.of(
                "2024-01-01T00:00:00.000000001Z",
                "1582-10-04T12:00:00Z",
                "-0044-03-15T12:00:00.5Z",
                "+12345-01-01T00:00:00Z")) {
            Instant occurredAt = Instant.parse(time);

            RecordedEvent event = recorded(note("noted")
                    .withMetadata(EventMetadata.builder().occurredAt(occurredAt).build()));

            assertThat(event.metadata().occurredAt()).isEqualTo(occurredAt);
            assertThat(event.occurredAt()).isEqualTo(occurredAt).isNotEqualTo(event.recordedAt());
        }
    }

    @Test
    void recordsWhenItWroteAnEventInMicroseconds() {
        StreamId stream = newStreamOf(2);

        List<RecordedEvent> events = store.load(stream).toList();

        Instant recordedAt = events.get(0).recordedAt();
        assertThat(recordedAt).isCloseTo(Instant.now(), within(1, ChronoUnit.HOURS));
        assertThat(recordedAt).isEqualTo(recordedAt.truncatedTo(ChronoUnit.MICROS));
        assertThat(events).extracting(RecordedEvent::recordedAt).containsOnly(recordedAt);
        assertThat(events).extracting(RecordedEvent::occurredAt).containsOnly(recordedAt);
    }

    @Test
    void recordsTheMetadataThatAnEventHandsOnToItsEffects() {
        RecordedEvent cause = recorded(note("cause")
                .withMetadata(EventMetadata.builder()
                        .correlationId("correlation")
                        .requestId("request")
                        .actor("actor")
                        .source("source")
                        .build()));

        EventMetadata effect = recorded(EventMetadata.causedBy(cause));
        EventMetadata start = recorded(EventMetadata.causedBy(recorded(note("without metadata"))));

        assertThat(effect.correlationId()).isEqualTo("correlation");
        assertThat(effect.causationId()).isEqualTo(cause.id().toString());
        assertThat(effect.requestId()).isEqualTo("request");
        assertThat(effect.actor()).isEqualTo("actor");
        assertThat(effect.source()).isNull();
        assertThat(start.correlationId()).isNotNull().isEqualTo(start.causationId());
    }

    @Test
    void recordsTagsOfEachEvent() {
        StreamId stream = newStream();
        append(
                stream,
                ExpectedVersion.any(),
                List.of(
                        note("one").withTags(Tag.of("course", "c-1"), Tag.of("student", "s-1")),
                        note("none"),
                        note("other").withTags(Tag.of("course", "c-1"))));

        assertThat(store.load(stream).stream().map(RecordedEvent::tags))
                .containsExactly(
                        Set.of(Tag.of("course", "c-1"), Tag.of("student", "s-1")),
                        Set.of(),
                        Set.of(Tag.of("course", "c-1")));
    }

    @Test
    void recordsAsManyTagsAsAnEventMayHave() {
        Tag[] tags = IntStream.range(0, NewEvent.MAX_TAGS)
                .mapToObj(i -> Tag.of("key", Integer.toString(i)))
                .toArray(Tag[]::new);

        assertThat(recorded(tags)).containsExactlyInAnyOrder(tags);
    }

    @Test
    void recordsUnusualTagsExactly() {
        Set<Tag> tags = Texts.UNUSUAL_IDENTIFIERS.stream()
                .map(text -> Tag.of("key", text))
                .collect(Collectors.toSet());
        Tag longest = Tag.of(Texts.longest(Tag.MAX_KEY_LENGTH), Texts.longest(Tag.MAX_VALUE_LENGTH));

        assertThat(recorded(tags.toArray(Tag[]::new))).isEqualTo(tags);
        assertThat(recorded(Tag.of("k'\"\\%😀", "a:b::c"), longest))
                .containsExactlyInAnyOrder(Tag.of("k'\"\\%😀", "a:b::c"), longest);
    }
}
