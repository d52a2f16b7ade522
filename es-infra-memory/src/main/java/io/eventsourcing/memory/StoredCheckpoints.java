package io.eventsourcing.memory;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.Lease;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.Parking;
import io.eventsourcing.core.subscription.SegmentId;
import io.eventsourcing.core.subscription.SegmentLostException;
import io.eventsourcing.core.subscription.SegmentState;
import io.eventsourcing.core.subscription.Sequencing;
import io.eventsourcing.core.subscription.SubscriptionMismatchException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What all subscriptions have stored, and the one lock around it: each method is one transaction. Thread-safe. */
final class StoredCheckpoints {

    private final Clock clock;
    private final StoredLeases leases = new StoredLeases();
    private final TreeMap<String, StoredSubscription> subscriptions = new TreeMap<>();

    StoredCheckpoints(Clock clock) {
        this.clock = clock;
    }

    synchronized void register(String name, Sequencing wanted, Supplier<GlobalPosition> start) {
        StoredSubscription known = subscriptions.get(name);
        if (known == null) {
            subscriptions.put(name, new StoredSubscription(name, wanted, start.get()));
        } else if (!known.sequencing().equals(wanted)) {
            throw new SubscriptionMismatchException(name, wanted, known.sequencing());
        }
    }

    synchronized List<OwnedSegment> renew(Lease lease) {
        Instant now = clock.instant();
        // also the lease of the node itself: what it had is claimed anew, with new tokens
        leases.expired(now).forEach(this::leave);
        leases.renew(lease, now);
        return subscriptions.values().stream()
                .flatMap(subscription -> renew(subscription, lease, now).stream())
                .toList();
    }

    private List<OwnedSegment> renew(StoredSubscription subscription, Lease lease, Instant now) {
        if (!lease.covers(subscription.name())) {
            subscription.free(lease.node());
        }
        leases.outdated(subscription.name(), now).forEach(subscription::free);
        return subscription.claim(lease.node(), leases.share(lease.node(), subscription, now));
    }

    synchronized void leave(UUID node) {
        leases.end(node);
        subscriptions.values().forEach(subscription -> subscription.free(node));
    }

    synchronized void release(Checkpoint reached) {
        owned(reached).ifPresent(segment -> segment.release(reached.position()));
    }

    /** Empty if the checkpoint is not held any more. */
    synchronized Optional<Checkpoint> advance(Checkpoint held, GlobalPosition reached) {
        return held(held).map(segment -> segment.moveTo(reached));
    }

    synchronized Optional<Checkpoint> park(Checkpoint held, Parking parking) {
        return park(held(held).orElseThrow(() -> new SegmentLostException(held)), parking);
    }

    private Optional<Checkpoint> park(StoredSegment segment, Parking parking) {
        if (parking.isBehindAnother() && !segment.parked().keys().contains(parking.key())) {
            return Optional.empty();
        }
        StoredEvent event = parking.event();
        segment.parked()
                .add(new ParkedEvent(
                        segment.id(),
                        parking.key(),
                        event.position(),
                        event.id(),
                        event.stream(),
                        parking.attempts(),
                        parking.error(),
                        clock.instant().truncatedTo(ChronoUnit.MICROS)));
        return Optional.of(segment.moveTo(event.position()));
    }

    private Optional<StoredSegment> held(Checkpoint held) {
        return owned(held).filter(segment -> segment.position().equals(held.position()));
    }

    private Optional<StoredSegment> owned(Checkpoint held) {
        Instant now = clock.instant();
        return segment(held.segment())
                .filter(segment -> segment.hasToken(held.token()))
                .filter(segment ->
                        segment.owner().filter(node -> leases.isLive(node, now)).isPresent());
    }

    /** What is asked of the parked events of a segment; empty if the segment is not known. */
    synchronized <T> Optional<T> parkedOf(SegmentId id, Function<StoredParkedEvents, T> question) {
        return segment(id).map(segment -> question.apply(segment.parked()));
    }

    synchronized List<ParkedEvent> parked(ParkedQuery query) {
        String key = query.key();
        return segmentsOf(query.subscription())
                .flatMap(segment -> segment.parked().waiting())
                .filter(event -> key == null || event.key().equals(key))
                .filter(event -> event.position().compareTo(query.after()) > 0)
                .sorted(Comparator.comparing(ParkedEvent::position))
                .limit(query.limit())
                .toList();
    }

    synchronized List<SegmentState> segments(String subscription) {
        Instant now = clock.instant();
        return segmentsOf(subscription)
                .map(segment -> new SegmentState(
                        segment.id(),
                        segment.position(),
                        segment.owner().flatMap(node -> leases.name(node, now)).orElse(null),
                        segment.parked().count()))
                .toList();
    }

    private Stream<StoredSegment> segmentsOf(String subscription) {
        return Stream.ofNullable(subscriptions.get(subscription)).flatMap(known -> known.segments().stream());
    }

    private Optional<StoredSegment> segment(SegmentId id) {
        return Optional.ofNullable(subscriptions.get(id.subscription())).flatMap(known -> known.segment(id.number()));
    }
}
