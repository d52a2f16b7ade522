package io.eventsourcing.memory;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.SegmentId;
import io.eventsourcing.core.subscription.Sequencing;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** A subscription and its segments. Guarded by the lock of {@link StoredCheckpoints}. */
final class StoredSubscription {

    private final String name;
    private final Sequencing sequencing;
    private final List<StoredSegment> segments;

    StoredSubscription(String name, Sequencing sequencing, GlobalPosition start) {
        this.name = name;
        this.sequencing = sequencing;
        this.segments = IntStream.range(0, sequencing.segments())
                .mapToObj(number -> new StoredSegment(new SegmentId(name, number), start))
                .toList();
    }

    String name() {
        return name;
    }

    Sequencing sequencing() {
        return sequencing;
    }

    int size() {
        return segments.size();
    }

    List<StoredSegment> segments() {
        return segments;
    }

    Optional<StoredSegment> segment(int number) {
        return number < 0 || number >= segments.size() ? Optional.empty() : Optional.of(segments.get(number));
    }

    /** Fills a node's share up from what nobody owns; what it owns beyond its share is surplus. */
    List<OwnedSegment> claim(UUID node, int share) {
        segments.stream()
                .filter(StoredSegment::isFree)
                .limit(Math.max(0, share - ownedBy(node).size()))
                .forEach(segment -> segment.claim(node));
        List<StoredSegment> owned = ownedBy(node);
        return IntStream.range(0, owned.size())
                .mapToObj(i -> owned.get(i).owned(i >= share))
                .toList();
    }

    void free(UUID node) {
        ownedBy(node).forEach(StoredSegment::free);
    }

    private List<StoredSegment> ownedBy(UUID node) {
        return segments.stream().filter(segment -> segment.isOwnedBy(node)).toList();
    }
}
