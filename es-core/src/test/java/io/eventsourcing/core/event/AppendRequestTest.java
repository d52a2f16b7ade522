package io.eventsourcing.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AppendRequestTest {

    private static final StreamId ORDER = StreamId.of("order", "42");

    @Test
    void givesEachPayloadItsOwnId() {
        AppendRequest request = AppendRequest.of(ORDER, ExpectedVersion.any(), "same", "same");
        assertThat(request.events()).extracting(NewEvent::payload).containsExactly("same", "same");
        assertThat(request.events()).extracting(NewEvent::id).doesNotHaveDuplicates();
    }

    @Test
    void doesNotChangeWithTheListItWasGiven() {
        List<NewEvent> given = new ArrayList<>(List.of(NewEvent.of("a")));
        AppendRequest request = AppendRequest.of(ORDER, ExpectedVersion.any(), given);
        given.clear();
        assertThat(request.events()).hasSize(1);
    }

    @Test
    void refusesToAppendNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AppendRequest.of(ORDER, ExpectedVersion.any(), List.of()))
                .withMessage("The append to stream 'order-42' has no events. Nothing was written."
                        + " Give at least one event, or do not append.");
        assertThatIllegalArgumentException().isThrownBy(() -> AppendRequest.of(ORDER, ExpectedVersion.any()));
    }

    @Test
    void refusesTwoEventsWithOneId() {
        NewEvent event = NewEvent.of("a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AppendRequest.of(
                        ORDER,
                        ExpectedVersion.any(),
                        List.of(event, NewEvent.of("b").withId(event.id()))))
                .withMessage("The append to stream 'order-42' has two events with the id " + event.id()
                        + ". Nothing was written. Give each event its own id.");
    }

    @Test
    void takesASnapshotOnlyWhereTheVersionIsKnown() {
        for (ExpectedVersion known : List.of(ExpectedVersion.exactly(7), ExpectedVersion.noStream())) {
            assertThat(AppendRequest.of(ORDER, known, "a").withSnapshot("state").snapshotState())
                    .isEqualTo("state");
        }
        for (ExpectedVersion open : List.of(ExpectedVersion.any(), ExpectedVersion.streamExists())) {
            AppendRequest request = AppendRequest.of(ORDER, open, "a");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> request.withSnapshot("state"))
                    .withMessage("The append to stream 'order-42' has a snapshot but expects " + open
                            + ", which leaves open what comes before its events. Nothing was written."
                            + " Expect an exact version.");
        }
    }

    @Test
    void takesPayloadsAndEventsInAnyMixture() {
        NewEvent event = NewEvent.of("b");
        assertThat(AppendRequest.of(ORDER, ExpectedVersion.any(), List.of("a", event))
                        .events())
                .satisfiesExactly(
                        first -> assertThat(first.payload()).isEqualTo("a"),
                        second -> assertThat(second).isSameAs(event));
        assertThat(AppendRequest.of(ORDER, ExpectedVersion.any(), event).events())
                .containsExactly(event);
    }

    @Test
    void refusesNullByName() {
        assertThatNullPointerException()
                .isThrownBy(() -> AppendRequest.of(null, ExpectedVersion.any(), "a"))
                .withMessage("The stream of an append is null.");
        assertThatNullPointerException()
                .isThrownBy(() -> AppendRequest.of(ORDER, null, "a"))
                .withMessageContaining("Use ExpectedVersion.any()");
        assertThatNullPointerException()
                .isThrownBy(() -> AppendRequest.of(ORDER, ExpectedVersion.any(), (List<NewEvent>) null))
                .withMessage("The events of an append are null.");
        assertThatNullPointerException()
                .isThrownBy(() -> NewEvent.of(null))
                .withMessage("The payload of an event is null.");
        assertThatNullPointerException()
                .isThrownBy(() -> NewEvent.of("a").withId(null))
                .withMessageContaining("Use EventId.next()");
        assertThatNullPointerException()
                .isThrownBy(() -> NewEvent.of("a").withMetadata(null))
                .withMessageContaining("Use EventMetadata.NONE");
        assertThatNullPointerException()
                .isThrownBy(() -> new NewEvent(EventId.next(), "a", EventMetadata.NONE, null))
                .withMessageContaining("Give an empty set");
    }

    @Test
    void changesOnePartOfAnEventAtATime() {
        NewEvent event = NewEvent.of("a");
        EventId id = EventId.next();
        EventMetadata metadata = EventMetadata.builder().actor("x").build();
        assertThat(event.withId(id).withMetadata(metadata).withTags(Tag.of("k", "v")))
                .isEqualTo(new NewEvent(id, "a", metadata, Set.of(Tag.of("k", "v"))));
    }

    @Test
    void limitsTheTagsOfAnEvent() {
        Tag[] most = IntStream.range(0, 32).mapToObj(i -> Tag.of("k", "v" + i)).toArray(Tag[]::new);
        Tag[] tooMany =
                IntStream.range(0, 33).mapToObj(i -> Tag.of("k", "v" + i)).toArray(Tag[]::new);
        assertThat(NewEvent.of("a").withTags(most).tags()).hasSize(32);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NewEvent.of("a").withTags(tooMany))
                .withMessageContaining("has 33 tags, at most 32 are accepted.");
    }

    @Test
    void tagsReadTheTextThatTheyWrite() {
        Tag tag = Tag.of("course", "c:1");
        assertThat(tag).hasToString("course:c:1");
        assertThat(Tag.parse("course:c:1")).isEqualTo(tag);
        Tag longest = Tag.of("k".repeat(64), "v".repeat(255));
        assertThat(Tag.parse(longest.toString())).isEqualTo(longest);
    }

    @Test
    void tagsRefuseWhatIsNoKeyAndValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tag.parse("course"))
                .withMessage("The tag 'course' has no ':'. Write it as 'key:value'.");
        assertThatIllegalArgumentException().isThrownBy(() -> Tag.parse(null)).withMessageContaining("The tag is null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tag.parse(":v"))
                .withMessageContaining("tag key is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tag.parse("k:"))
                .withMessageContaining("tag value is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tag.of("a:b", "v"))
                .withMessageContaining("contains ':'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tag.of("k", "v".repeat(256)))
                .withMessageContaining("at most 255");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tag.parse("no\u202Ecolon"))
                .withMessageContaining("U+202E")
                .withMessageNotContaining("\u202E");
    }

    @Test
    void snapshotsAreOfAStreamThatHasEvents() {
        assertThat(new Snapshot<>(ORDER, StreamVersion.FIRST, "state").state()).isEqualTo("state");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Snapshot<>(ORDER, StreamVersion.NONE, "state"))
                .withMessage("A snapshot of stream 'order-42' cannot be at version 0:"
                        + " a stream without events has no state to keep.");
        assertThatNullPointerException()
                .isThrownBy(() -> new Snapshot<>(ORDER, StreamVersion.FIRST, null))
                .withMessage("The state of a snapshot is null.");
    }

    @Test
    void positionsAndSchemaVersionsStartAtOne() {
        assertThat(new GlobalPosition(1)).isLessThan(new GlobalPosition(2)).hasToString("1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GlobalPosition(-1))
                .withMessage("A global position is 0 or more, but -1 was given.");
        assertThat(new VersionedType("placed", 1).at(2)).hasToString("'placed' version 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VersionedType("placed", 0))
                .withMessage("The schema version of type 'placed' is 0. Schema versions start at 1.");
    }

    @Test
    void batchesAreOfOneTenantWithDistinctStreamsAndIds() {
        AppendRequest one = AppendRequest.of(ORDER, ExpectedVersion.any(), "a");
        AppendRequest two = AppendRequest.of(StreamId.of("order", "43"), ExpectedVersion.any(), "a");
        assertThat(new AppendBatch(List.of(one, two)).tenant()).isEqualTo(TenantId.DEFAULT);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AppendBatch(List.of()))
                .withMessageContaining("The append has no requests. Nothing was written.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AppendBatch(List.of(one, AppendRequest.of(ORDER, ExpectedVersion.any(), "b"))))
                .withMessageContaining("names stream 'order-42' in two requests. Nothing was written.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AppendBatch(
                        List.of(one, AppendRequest.of(two.stream(), ExpectedVersion.any(), one.events()))))
                .withMessageContaining(
                        "two events with the id " + one.events().get(0).id());
        AppendRequest foreign =
                AppendRequest.of(two.stream().inTenant(TenantId.of("acme")), ExpectedVersion.any(), "a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AppendBatch(List.of(one, foreign)))
                .withMessageContaining("names streams of two tenants, 'default' and 'acme'. Nothing was written.");
    }

    @Test
    void conflictsSayWhatHappenedAndWhatToDo() {
        VersionConflictException conflict =
                new VersionConflictException(ORDER, ExpectedVersion.exactly(5), StreamVersion.of(7));
        assertThat(conflict)
                .hasMessage("Stream 'order-42' is at version 7, but the append expected version 5."
                        + " No events were written. Reload the stream and decide again.");
        assertThat(conflict.stream()).isEqualTo(ORDER);
        assertThat(conflict.expected()).isEqualTo(ExpectedVersion.exactly(5));
        assertThat(conflict.actual()).isEqualTo(StreamVersion.of(7));
    }
}
