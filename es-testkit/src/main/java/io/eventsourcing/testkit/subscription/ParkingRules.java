package io.eventsourcing.testkit.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.Parking;
import io.eventsourcing.core.subscription.SegmentLostException;
import io.eventsourcing.core.subscription.SegmentState;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Parking events, and moving the checkpoint with them. */
abstract class ParkingRules extends ParkedRules {

    ParkingRules(Supplier<CheckpointsUnderTest> opener) {
        super(opener);
    }

    @Test
    void parkingMovesTheCheckpointToTheEvent() {
        Checkpoint held = onlyOf(node(newSubscription(1)).own());

        Checkpoint moved = parkNow(held, failed(10, "a"));

        assertThat(moved).isEqualTo(held.at(at(10)));
        assertThat(position(held.segment())).isEqualTo(at(10));
        assertLost(held);
    }

    @Test
    void aParkedEventIsListedAsItWasParked() {
        String name = newSubscription(1);
        Checkpoint held = onlyOf(node(name).own());
        Parking parking = failed(10, "order-42");
        assertThat(checkpoints.park(held, parking)).isPresent();

        assertThat(parked(name)).singleElement().satisfies(event -> {
            assertThat(event.segment()).isEqualTo(held.segment());
            assertThat(event.key()).isEqualTo("order-42");
            assertThat(event.position()).isEqualTo(at(10));
            assertThat(event.id()).isEqualTo(parking.event().id());
            assertThat(event.stream()).isEqualTo(parking.event().stream());
            assertThat(event.attempts()).isEqualTo(1);
            assertThat(event.error()).isEqualTo(ERROR);
            assertThat(event.parkedAt()).isNotNull();
        });
    }

    @Test
    void anEventBehindAnotherIsNotParkedWhenNoneWaits() {
        String name = newSubscription(1);
        Checkpoint held = onlyOf(node(name).own());
        Checkpoint moved = parkNow(held, failed(10, "other"));

        assertThat(checkpoints.park(moved, behind(11, "a"))).isEmpty();

        assertThat(positions(parked(name))).containsExactly(10L);
        assertThat(checkpoints.advance(moved, at(11)).position()).isEqualTo(at(11));
    }

    @Test
    void anEventBehindAnotherWaitsWithIt() {
        String name = newSubscription(1);
        Checkpoint held = parkNow(onlyOf(node(name).own()), failed(10, "a"));

        Checkpoint moved = parkNow(held, behind(11, "a"));

        assertThat(moved).isEqualTo(held.at(at(11)));
        assertThat(position(held.segment())).isEqualTo(at(11));
        assertThat(parked(name)).extracting(ParkedEvent::attempts).containsExactly(1, 0);
        assertThat(parked(name)).extracting(ParkedEvent::error).containsExactly(ERROR, null);
    }

    @Test
    void anEventBehindAnotherIsNotParkedOnceTheQueueIsEmpty() {
        String name = newSubscription(1);
        Checkpoint held = parkNow(onlyOf(node(name).own()), failed(10, "a"));
        assertThat(parked(name)).hasSize(1).allMatch(this::unpark);

        assertThat(checkpoints.park(held, behind(11, "a"))).isEmpty();
        assertThat(position(held.segment())).isEqualTo(at(10));
    }

    @Test
    void anEventBehindADiscardedOneIsNotParked() {
        String name = newSubscription(1);
        Checkpoint held = parkNow(onlyOf(node(name).own()), failed(10, "a"));
        assertThat(parked(name)).hasSize(1).allMatch(event -> checkpoints.discard(event, "obsolete"));

        assertThat(checkpoints.park(held, behind(11, "a"))).isEmpty();
        assertThat(position(held.segment())).isEqualTo(at(10));
    }

    @Test
    void anOlderTokenParksNothing() {
        String name = newSubscription(1);
        ContractNode sleeper = node(name);
        Checkpoint stale = parkNow(onlyOf(sleeper.own()), failed(10, "a"));
        sleeper.expire();
        assertThat(node(name).own()).hasSize(1);

        assertParksNothing(stale);
    }

    @Test
    void aLeaseThatIsOverParksNothing() {
        ContractNode node = node(newSubscription(1));
        Checkpoint held = parkNow(onlyOf(node.own()), failed(10, "a"));
        node.expire();

        assertParksNothing(held);
    }

    @Test
    void nothingIsParkedFromWhereTheCheckpointDoesNotStand() {
        Checkpoint held = onlyOf(node(newSubscription(1)).own());
        assertThat(checkpoints.park(held, failed(10, "a"))).isPresent();

        assertParksNothing(held);
    }

    private void assertParksNothing(Checkpoint held) {
        SegmentState before = state(held.segment());
        assertThat(before.parked()).isEqualTo(1);
        for (Parking parking : List.of(failed(20, "a"), behind(20, "a"))) {
            assertThatThrownBy(() -> checkpoints.park(held, parking)).isInstanceOf(SegmentLostException.class);
        }
        assertThat(state(held.segment())).isEqualTo(before);
    }

    @Test
    void aParkedEventSurvivesAChangeOfHands() {
        String name = newSubscription(1);
        ContractNode first = node(name);
        Checkpoint before = parkNow(onlyOf(first.own()), failed(10, "a"));
        first.leave();

        List<OwnedSegment> owned = node(name).renew();

        assertThat(owned).singleElement().matches(OwnedSegment::hasParked);
        Checkpoint after = owned.get(0).checkpoint();
        assertThat(after.position()).isEqualTo(before.position());
        assertThat(checkpoints.parkedKeys(after.segment())).containsExactly("a");
        assertThat(parkNow(after, behind(11, "a")).position()).isEqualTo(at(11));
        assertThat(positions(parked(name))).containsExactly(10L, 11L);
    }

    @Test
    void theOwnerIsToldWhetherEventsAreParked() {
        String name = newSubscription(2);
        ContractNode node = node(name);
        List<Checkpoint> owned = node.own();
        assertThat(owned).hasSize(2);
        Checkpoint with = owned.get(1);
        assertThat(checkpoints.park(with, failed(10, "a"))).isPresent();

        assertThat(node.renew())
                .hasSize(2)
                .allMatch(segment ->
                        segment.hasParked() == segment.checkpoint().segment().equals(with.segment()));

        assertThat(parked(name)).hasSize(1).allMatch(this::unpark);
        assertThat(node.renew()).hasSize(2).noneMatch(OwnedSegment::hasParked);
    }

    @Test
    void segmentsTellPositionOwnerAndParkedEvents() {
        String name = newSubscription(2);
        ContractNode node = node(name);
        List<Checkpoint> owned = node.own();
        assertThat(owned).hasSize(2);
        Checkpoint moved = parkNow(parkNow(owned.get(0), failed(10, "a")), failed(20, "b"));

        assertThat(checkpoints.segments(name))
                .containsExactlyInAnyOrder(
                        new SegmentState(moved.segment(), at(20), node.name(), 2),
                        new SegmentState(owned.get(1).segment(), at(0), node.name(), 0));
        assertThat(Set.copyOf(checkpoints.parkedKeys(moved.segment()))).containsExactlyInAnyOrder("a", "b");
    }
}
