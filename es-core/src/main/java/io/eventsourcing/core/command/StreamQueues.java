package io.eventsourcing.core.command;

import io.eventsourcing.core.stream.StreamId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the commands of this node to one stream queue up, rather than fight for its next version: without it, of 64 that decide at the same
 * time one appends. It only saves work. So nobody waits for ever: a transaction that holds the stream in the store may be waiting for the
 * one that is first here. Thread-safe.
 */
final class StreamQueues {

    private final Map<StreamId, Place> places = new ConcurrentHashMap<>();

    /** A lock, and how many use it. */
    private static final class Place {
        private final ReentrantLock lock = new ReentrantLock(true);
        private int users;
    }

    /** Runs work when those before it are done, or when it has waited long enough. */
    <T> T run(StreamId stream, long waitNanos, Supplier<T> work) {
        Place place = enter(stream);
        boolean isFirst = false;
        try {
            isFirst = place.lock.tryLock(waitNanos, TimeUnit.NANOSECONDS);
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "The thread was interrupted while a command waited for others to stream " + stream
                            + ". It was not handled.",
                    e);
        } finally {
            if (isFirst) {
                place.lock.unlock();
            }
            leave(stream);
        }
    }

    private Place enter(StreamId stream) {
        return places.compute(stream, (unused, present) -> {
            Place place = present == null ? new Place() : present;
            place.users++;
            return place;
        });
    }

    private void leave(StreamId stream) {
        places.computeIfPresent(stream, (unused, place) -> without(place));
    }

    private static @Nullable Place without(Place place) {
        place.users--;
        return place.users == 0 ? null : place;
    }
}
