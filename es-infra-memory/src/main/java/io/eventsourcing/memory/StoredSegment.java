package io.eventsourcing.memory;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.SegmentId;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A segment: its checkpoint, its owner, its parked events. Guarded by the lock of {@link StoredCheckpoints}. */
final class StoredSegment {

    private final SegmentId id;
    private final StoredParkedEvents parked = new StoredParkedEvents();
    private GlobalPosition position;
    private long token;
    private @Nullable UUID owner;

    StoredSegment(SegmentId id, GlobalPosition start) {
        this.id = id;
        this.position = start;
    }

    SegmentId id() {
        return id;
    }

    GlobalPosition position() {
        return position;
    }

    StoredParkedEvents parked() {
        return parked;
    }

    Optional<UUID> owner() {
        return Optional.ofNullable(owner);
    }

    boolean isFree() {
        return owner == null;
    }

    boolean isOwnedBy(UUID node) {
        return node.equals(owner);
    }

    /** Changes hands: who holds an older token cannot move the checkpoint any more. */
    void claim(UUID node) {
        owner = node;
        token++;
    }

    void free() {
        owner = null;
    }

    boolean hasToken(long held) {
        return token == held;
    }

    Checkpoint moveTo(GlobalPosition reached) {
        position = reached;
        return checkpoint();
    }

    /** Gives the segment up; the checkpoint never moves back. */
    void release(GlobalPosition reached) {
        if (reached.compareTo(position) > 0) {
            position = reached;
        }
        free();
    }

    OwnedSegment owned(boolean surplus) {
        return new OwnedSegment(checkpoint(), surplus, parked.count() > 0);
    }

    private Checkpoint checkpoint() {
        return new Checkpoint(id, position, token);
    }
}
