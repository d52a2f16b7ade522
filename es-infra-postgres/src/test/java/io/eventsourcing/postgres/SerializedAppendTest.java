package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.stream.ExpectedVersion;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Large appends do not share commits: they would hold up the others. */
class SerializedAppendTest {

    private static SerializedAppend of(NewEvent... events) {
        return SerializedAppend.of(
                AppendRequest.of(Noted.newStream(), ExpectedVersion.any(), (Object[]) events), Noted.SERIALIZATION);
    }

    private static NewEvent event(int length) {
        return NewEvent.of(new Noted("x".repeat(length)));
    }

    @Test
    void isSmallUpTo32Events() {
        NewEvent[] events = Stream.generate(() -> event(1)).limit(33).toArray(NewEvent[]::new);

        assertThat(of(Arrays.copyOf(events, 32)).isSmall()).isTrue();
        assertThat(of(events).isSmall()).isFalse();
    }

    @Test
    void isSmallUpTo64KilobytesOfPayload() {
        assertThat(of(event(32_000), event(32_000)).isSmall()).isTrue();
        assertThat(of(event(33_000), event(33_000)).isSmall()).isFalse();
    }

    @Test
    void isNotSmallWithASnapshot() {
        EventSerialization serialization = EventSerialization.builder(EventTypes.of(Noted.class))
                .snapshotType(new VersionedType("text", 1), String.class)
                .build();
        AppendRequest request = AppendRequest.of(Noted.newStream(), ExpectedVersion.noStream(), new Noted("x"))
                .withSnapshot("state");

        assertThat(SerializedAppend.of(request, serialization).isSmall()).isFalse();
    }

    @Test
    void metadataCountsAsWell() {
        EventMetadata large = EventMetadata.builder()
                .attributes(Map.of("k", "x".repeat(70_000)))
                .build();

        assertThat(of(event(1).withMetadata(large)).isSmall()).isFalse();
    }
}
