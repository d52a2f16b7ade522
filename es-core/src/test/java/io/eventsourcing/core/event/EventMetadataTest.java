package io.eventsourcing.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventMetadataTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static final EventMetadata FULL = EventMetadata.builder()
            .correlationId("correlation")
            .causationId("causation")
            .requestId("request")
            .actor("actor")
            .role("role")
            .source("source")
            .occurredAt(NOON)
            .traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .attributes(Map.of("k", "v"))
            .build();

    @Test
    void survivesItsBuilder() {
        assertThat(FULL.toBuilder().build()).isEqualTo(FULL);
        assertThat(FULL).hasNoNullFieldsOrProperties();
        assertThat(EventMetadata.builder().build()).isEqualTo(EventMetadata.NONE);
    }

    @Test
    void ofAnEffectInheritsWhatTheCauseBelongsTo() {
        assertThat(EventMetadata.causedBy("command-1", FULL))
                .isEqualTo(EventMetadata.builder()
                        .correlationId("correlation")
                        .causationId("command-1")
                        .requestId("request")
                        .actor("actor")
                        .role("role")
                        .traceparent(FULL.traceparent())
                        .build());
    }

    @Test
    void ofAnEffectStartsTheCorrelationWhereTheCauseHasNone() {
        EventMetadata first = EventMetadata.causedBy("command-1", EventMetadata.NONE);
        EventMetadata second = EventMetadata.causedBy("event-2", first);
        assertThat(first.correlationId()).isEqualTo("command-1");
        assertThat(second.correlationId()).isEqualTo("command-1");
        assertThat(second.causationId()).isEqualTo("event-2");
    }

    @Test
    void ofAnEventsEffectNamesTheEvent() {
        RecordedEvent cause = recorded(FULL);
        assertThat(EventMetadata.causedBy(cause))
                .isEqualTo(EventMetadata.causedBy(cause.id().toString(), FULL));
    }

    @Test
    void keepsBusinessTimeAndRecordingTimeApart() {
        assertThat(recorded(FULL).occurredAt()).isEqualTo(NOON);
        assertThat(recorded(FULL).recordedAt()).isEqualTo(NOON.plusSeconds(1));
        assertThat(recorded(EventMetadata.NONE).occurredAt()).isEqualTo(NOON.plusSeconds(1));
    }

    @Test
    void doesNotChangeWithTheMapItWasGiven() {
        Map<String, String> given = new HashMap<>(Map.of("k", "v"));
        EventMetadata metadata = EventMetadata.builder().attributes(given).build();
        given.put("other", "w");
        assertThat(metadata.attributes()).containsExactly(Map.entry("k", "v"));
    }

    @Test
    void refusesNullAttributes() {
        assertThatNullPointerException()
                .isThrownBy(() -> EventMetadata.builder().attributes(null).build())
                .withMessage("The attributes of the metadata are null. Give an empty map.");
    }

    static Stream<BiFunction<EventMetadata.Builder, String, EventMetadata.Builder>> texts() {
        return Stream.of(
                EventMetadata.Builder::correlationId,
                EventMetadata.Builder::causationId,
                EventMetadata.Builder::requestId,
                EventMetadata.Builder::actor,
                EventMetadata.Builder::role,
                EventMetadata.Builder::source,
                EventMetadata.Builder::traceparent,
                (builder, text) -> builder.attributes(Map.of("name", text)),
                (builder, text) -> builder.attributes(Map.of(text, "value")));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void refusesTextThatCannotBeStored(BiFunction<EventMetadata.Builder, String, EventMetadata.Builder> field) {
        for (String unstorable : new String[] {"\u0000", "\uD800", "\uDC00"}) {
            EventMetadata.Builder builder = field.apply(EventMetadata.builder(), "ab" + unstorable);
            assertThatIllegalArgumentException()
                    .isThrownBy(builder::build)
                    .withMessageContaining("in the metadata contains")
                    .withMessageContaining(
                            "U+%04X at index 2, which cannot be stored.".formatted((int) unstorable.charAt(0)))
                    .withMessageNotContaining(unstorable);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", "\uD83D\uDE00", "\\u0000", "x\u200Fy"})
    void keepsEveryOtherTextAsItIs(String text) {
        assertThat(EventMetadata.builder().actor(text).build().actor()).isSameAs(text);
    }

    private static RecordedEvent recorded(EventMetadata metadata) {
        return new RecordedEvent(
                StreamId.of("order", "42"),
                StreamVersion.FIRST,
                new GlobalPosition(1),
                0,
                EventId.next(),
                new VersionedType("placed", 1),
                "payload",
                metadata,
                Set.of(),
                NOON.plusSeconds(1));
    }
}
