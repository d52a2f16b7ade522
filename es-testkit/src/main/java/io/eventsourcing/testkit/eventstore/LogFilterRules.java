package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.serialization.TypedPayload;
import io.eventsourcing.core.serialization.Upcaster;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.testkit.eventstore.ContractEvent.Counted;
import io.eventsourcing.testkit.eventstore.ContractEvent.Noted;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/** Which events of the log a reader gets. */
abstract class LogFilterRules extends LogRules {

    private static final VersionedType NOTED = new VersionedType("contract-noted", 1);
    private static final VersionedType COUNTED = new VersionedType("contract-counted", 1);

    LogFilterRules(Function<EventSerialization, LogUnderTest> opener) {
        super(opener);
    }

    @Test
    void readsTheEventsOfAllTenants() {
        note(newStream().inTenant(newTenant()), "a");
        note(newStream().inTenant(newTenant()), "b");
        note(newStream(), "default");

        assertThat(texts(LogFilter.ALL)).containsExactly("a", "b", "default");
    }

    @Test
    void readsTheEventsOfOneTenant() {
        TenantId tenant = newTenant();
        note(newStream().inTenant(tenant), "1");
        note(newStream().inTenant(newTenant()), "another's");
        note(newStream().inTenant(tenant), "2");
        note(newStream(), "default's");

        assertThat(texts(LogFilter.ALL.ofTenant(tenant))).containsExactly("1", "2");
    }

    @Test
    void readsEventsOfSomeTypes() {
        StreamId stream = newStream();
        append(stream, new Noted("1"), new Counted(2), new Noted("3"));

        assertThat(texts(LogFilter.ALL.ofTypes(Set.of("contract-noted")))).containsExactly("1", "3");
        assertThat(read(LogFilter.ALL.ofTypes(Set.of("contract-counted", "contract-noted"))))
                .hasSize(3);
        assertThat(read(LogFilter.ALL.ofTypes(Set.of("nothing-like-it")))).isEmpty();
    }

    @Test
    void readsEventsOfStreamsOfSomeTypes() {
        note(newStream("one"), "1");
        note(newStream("two"), "2");
        note(newStream("three"), "3");

        assertThat(texts(LogFilter.ALL.ofStreamTypes(Set.of("one", "three")))).containsExactly("1", "3");
    }

    @Test
    void readsEventsThatHaveAllOfTheTags() {
        TenantId tenant = newTenant();
        Tag x = Tag.of("x", "1");
        Tag y = Tag.of("y", "1");
        append(newStream().inTenant(tenant), note("x").withTags(x));
        append(newStream().inTenant(tenant), note("both").withTags(x, y));
        append(newStream().inTenant(tenant), note("none"));
        append(newStream().inTenant(newTenant()), note("another's").withTags(x, y));

        assertThat(texts(LogFilter.ALL.withTags(Set.of(x)))).containsExactly("x", "both", "another's");
        assertThat(texts(LogFilter.ALL.withTags(Set.of(x, y)))).containsExactly("both", "another's");
        assertThat(texts(LogFilter.ALL.withTags(Set.of(x)).ofTenant(tenant))).containsExactly("x", "both");
        assertThat(texts(LogFilter.ALL.withTags(Set.of(y, x)).ofTenant(tenant))).containsExactly("both");
    }

    @Test
    void everyConditionHasToBeMet() {
        TenantId tenant = newTenant();
        Tag tag = Tag.of("k", "v");
        LogFilter filter = LogFilter.ALL
                .ofTenant(tenant)
                .ofStreamTypes(Set.of("one"))
                .ofTypes(Set.of("contract-noted"))
                .withTags(Set.of(tag));
        append(newStream("one").inTenant(tenant), note("all").withTags(tag));
        append(newStream("two").inTenant(tenant), note("stream type").withTags(tag));
        append(newStream("one"), note("tenant").withTags(tag));
        append(newStream("one").inTenant(tenant), note("tag"));
        append(newStream("one").inTenant(tenant), new Counted(1));

        assertThat(texts(filter)).containsExactly("all");
    }

    @Test
    void aFilterThatFindsNothingStillArrivesAtTheMark() {
        StreamId stream = newStream();
        for (int i = 0; i < 100; i++) {
            note(stream, "x");
        }

        LogFilter nothing = LogFilter.ALL.ofTypes(Set.of("nothing-like-it"));
        List<LogPage> pages = new ArrayList<>();
        log.readAll(query().matching(nothing).limitedTo(1)).forEach(pages::add);

        LogPage last = pages.get(pages.size() - 1);
        assertThat(last.isLast()).isTrue();
        assertThat(last.position()).isEqualTo(last.mark()).isGreaterThan(start);
        assertThat(pages).hasSizeLessThan(100);
    }

    @Test
    void leavesOutArchivedStreamsUnlessTheyAreAskedFor() {
        StreamId archived = newStream();
        note(archived, "archived");
        note(newStream(), "open");

        store.archive(archived);
        assertThat(texts(LogFilter.ALL)).containsExactly("open");
        assertThat(texts(LogFilter.ALL.withArchived())).containsExactly("archived", "open");

        store.unarchive(archived);
        assertThat(texts(LogFilter.ALL)).containsExactly("archived", "open");
    }

    @Test
    void findsEventsThatWereStoredUnderAnOlderName() {
        append(newStream(), new Counted(1));
        note(newStream(), "new name");
        reopen(EventSerialization.builder(EventTypes.of(Noted.class))
                .upcasters(List.of(Upcaster.split(
                        COUNTED,
                        Set.of(NOTED),
                        json -> List.of(new TypedPayload(
                                NOTED,
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put(
                                                "text",
                                                "was " + json.path("number").asInt()))))))
                .build());

        assertThat(texts(LogFilter.ALL.ofTypes(Set.of("contract-noted")))).containsExactly("was 1", "new name");
    }

    @Test
    void leavesOutThePartsOfASplitEventThatAreNotAskedFor() {
        VersionedType old = new VersionedType("contract-counted", 1);
        append(newStream(), new Counted(7));
        reopen(EventSerialization.builder(EventTypes.of(Noted.class, Total.class))
                .upcasters(List.of(Upcaster.split(
                        old,
                        Set.of(NOTED, new VersionedType("contract-total", 1)),
                        json -> List.of(
                                new TypedPayload(
                                        NOTED,
                                        JsonNodeFactory.instance.objectNode().put("text", "part")),
                                new TypedPayload(
                                        new VersionedType("contract-total", 1),
                                        JsonNodeFactory.instance.objectNode().put("sum", 7))))))
                .build());

        assertThat(read(LogFilter.ALL)).extracting(RecordedEvent::part).containsExactly(0, 1);
        assertThat(read(LogFilter.ALL.ofTypes(Set.of("contract-total"))))
                .extracting(RecordedEvent::payload)
                .containsExactly(new Total(7));
    }

    @EventType("contract-total")
    record Total(int sum) {}
}
