package io.eventsourcing.testkit.projection;

import static io.eventsourcing.testkit.projection.Scripted.Op.ADD_BLINDLY;
import static io.eventsourcing.testkit.projection.Scripted.Op.COUNT;
import static io.eventsourcing.testkit.projection.Scripted.Op.FAIL;
import static io.eventsourcing.testkit.projection.Scripted.Op.UPSERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.projection.LiveProjectionException;
import io.eventsourcing.projection.LiveProjections;
import io.eventsourcing.projection.ProjectionConfigurationException;
import io.eventsourcing.projection.ProjectionDefinition;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How live projections answer. */
abstract class LiveRules extends ProjectionRules {

    LiveRules(Function<EventSerialization, ProjectionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    private LiveProjections live() {
        return live(new Tallies.Live(readModels.updater(Tally.class)));
    }

    private LiveProjections live(Tallies tallies) {
        LiveProjections live = new LiveProjections(store.events(), store.log(), readModels);
        live.add(ProjectionDefinition.of(tallies, serialization.eventTypes(), List.of(Tally.class)));
        return live;
    }

    private static StreamId stream(String id) {
        return new StreamId(TENANT, "script", id);
    }

    @Test
    void answersFromTheEventsOfAStream() {
        append("a", Scripted.of(UPSERT, "x", 1).and(UPSERT, "y", 2), Scripted.of(COUNT, "x", 0));
        append("b", Scripted.of(COUNT, "x", 0));
        LiveProjections live = live();

        assertThat(live.ofStream("tallies", stream("a")).all(Tally.class))
                .containsExactly(new Tally("x", 2, 1), new Tally("y", 2, 1));
        assertThat(live.ofStream("tallies", stream("b")).get(Tally.class, "x")).contains(new Tally("x", 1, 1));
        assertThat(live.ofStream("tallies", stream("b")).get(Tally.class, "y")).isEmpty();
        assertThat(live.ofStream("tallies", stream("nobody")).all(Tally.class)).isEmpty();

        append("b", Scripted.of(COUNT, "x", 0));
        assertThat(live.ofStream("tallies", stream("b")).get(Tally.class, "x")).contains(new Tally("x", 2, 1));
    }

    @Test
    void answersFromAllEventsOfTheCurrentTenant() {
        IntStream.range(0, 1_100).forEach(i -> append("s" + i % 3, Scripted.of(COUNT, "k" + i % 2, 0)));
        append(TenantId.of("globex"), "s0", Scripted.of(UPSERT, "k0", 7));
        LiveProjections live = live();

        TenantContext.run(
                TENANT,
                () -> assertThat(live.ofLog("tallies").all(Tally.class))
                        .containsExactly(new Tally("k0", 550, 1), new Tally("k1", 550, 1)));
        assertThat(live.ofLog("tallies", LogFilter.ALL.ofTenant(TenantId.of("globex")))
                        .all(Tally.class))
                .containsExactly(new Tally("k0", 7, 1));
    }

    @Test
    void saysWhatCouldNotBeHandled() {
        append("a", Scripted.of(COUNT, "a", 0), Scripted.of(FAIL, "a", 0));
        append("b", Scripted.of(ADD_BLINDLY, "b", 1));
        Tallies.Live broken = new Tallies.Live(readModels.updater(Tally.class));
        broken.isBroken.set(true);
        LiveProjections live = live(broken);

        assertThatExceptionOfType(LiveProjectionException.class)
                .isThrownBy(() -> live.ofStream("tallies", stream("a")))
                .withMessageContainingAll("'tallies'", "version 2", "IllegalStateException", "There are no rows");
        assertThatExceptionOfType(LiveProjectionException.class)
                .isThrownBy(() -> live.ofStream("tallies", stream("b")))
                .havingCause()
                .withMessageContaining("but there is none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> live.ofStream("unknown", stream("a")))
                .withMessageContainingAll("no live projection 'unknown'", "tallies");
    }

    @Test
    void isNeverRunAndNoOtherOneIsLive() {
        ProjectionNode node = node();
        assertThatExceptionOfType(ProjectionConfigurationException.class)
                .isThrownBy(() -> node.start(new Tallies.Live(node.readModels.updater(Tally.class)), Tally.class))
                .withMessageContainingAll("'tallies' is live", "LiveProjections");
        assertThatExceptionOfType(ProjectionConfigurationException.class)
                .isThrownBy(() -> live(new Tallies.ByStream(readModels.updater(Tally.class))))
                .withMessageContainingAll("'tallies' is ASYNC", "not added");
        append("a", Scripted.of(COUNT, "a", 0));
        assertThat(live().ofStream("tallies", stream("a")).all(Tally.class)).hasSize(1);
    }
}
