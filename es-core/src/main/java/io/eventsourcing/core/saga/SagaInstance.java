package io.eventsourcing.core.saga;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.serialization.SerializedPayload;

/**
 * Where a process stands.
 *
 * @param id which process
 * @param position the position of the last event that it has heard
 * @param part the part of that event
 * @param state its state after that event
 * @param isComplete whether it is over
 */
public record SagaInstance(SagaId id, GlobalPosition position, int part, SerializedPayload state, boolean isComplete) {

    /**
     * Whether a process that stands here may come to stand there.
     *
     * @param later where
     * @return whether this is not over, and that is after an event that has not been heard here
     */
    public boolean isBefore(SagaInstance later) {
        return hears(later.position, later.part);
    }

    /** Whether this is not over, and has not heard that event, or a later one. */
    boolean hears(RecordedEvent event) {
        return hears(event.position(), event.part());
    }

    private boolean hears(GlobalPosition otherPosition, int otherPart) {
        int order = otherPosition.compareTo(position);
        return !isComplete && (order > 0 || (order == 0 && otherPart > part));
    }
}
