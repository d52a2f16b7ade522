package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A segment in which nothing is to be handled moves on without a note, and would be read for again from its last event; so it is
 * noted from time to time, for all of them together. Thread-safe; who comes while another one notes does nothing.
 */
final class QuietSegments {

    private static final Logger LOGGER = LoggerFactory.getLogger(QuietSegments.class);

    private final CheckpointPort checkpoints;
    private final AtomicBoolean isNoting = new AtomicBoolean();
    private final Activity noting = new Activity();

    QuietSegments(CheckpointPort checkpoints) {
        this.checkpoints = checkpoints;
    }

    /** Reports what goes wrong, and throws nothing. */
    void note(Collection<RunningSubscription> subscriptions) {
        if (!isNoting.compareAndSet(false, true)) {
            return;
        }
        try {
            Map<SegmentRunner, GlobalPosition> quiet = new HashMap<>();
            subscriptions.forEach(subscription -> quiet.putAll(subscription.beginNotes()));
            if (!quiet.isEmpty()) {
                advance(quiet);
            }
        } catch (RuntimeException | Error e) {
            LOGGER.debug("The checkpoints of quiet segments could not be moved. It is tried again.", e);
        } finally {
            isNoting.set(false);
        }
    }

    /** For how long the store has not answered; null if nothing is asked. Nothing is handled meanwhile in the segments that are noted. */
    @Nullable
    Duration noting() {
        return noting.lasting();
    }

    /** What each segment has begun to note, it ends here. */
    void advance(Map<SegmentRunner, GlobalPosition> quiet) {
        List<SegmentRunner> runners = new ArrayList<>(quiet.keySet());
        List<Checkpoint> held = runners.stream().map(SegmentRunner::held).toList();
        Map<SegmentId, Checkpoint> noted = new HashMap<>();
        try {
            noting.begins();
            List<Checkpoint> moved = checkpoints.advanceAll(
                    held, runners.stream().map(quiet::get).toList());
            held.forEach(checkpoint -> noted.put(checkpoint.segment(), checkpoint));
            moved.forEach(checkpoint -> noted.put(checkpoint.segment(), checkpoint));
        } finally {
            noting.ends();
            runners.forEach(runner -> runner.endNote(noted.get(runner.held().segment())));
        }
    }
}
