package io.eventsourcing.testkit.subscription;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.subscription.SubscriptionHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Remembers what handlers were given, and waits for it. Thread-safe. */
final class Handled {

    private final List<RecordedEvent> events = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    private final Duration patience;

    /** Waits so long for what does not come. */
    Handled(Duration patience) {
        this.patience = patience;
    }

    /** A handler that only remembers. */
    SubscriptionHandler handler() {
        return this::add;
    }

    synchronized void add(List<RecordedEvent> batch) {
        events.addAll(batch);
        batches.add(batch.size());
        notifyAll();
    }

    synchronized List<RecordedEvent> events() {
        return List.copyOf(events);
    }

    synchronized List<Integer> batches() {
        return List.copyOf(batches);
    }

    /** The numbers of the events, in the order in which they were handled. */
    synchronized List<Integer> numbers() {
        return events.stream().map(Handled::number).toList();
    }

    /** The numbers of a stream's events, in the order in which they were handled. */
    synchronized List<Integer> numbers(String streamId) {
        return events.stream()
                .filter(event -> event.stream().id().equals(streamId))
                .map(Handled::number)
                .toList();
    }

    static int number(RecordedEvent event) {
        return ((Counted) event.payload()).number();
    }

    /** Waits until so many events were handled. */
    void await(int count) {
        await(() -> events.size() >= count);
    }

    /** Waits until something holds, looking again from time to time and whenever an event was handled. */
    synchronized void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not within " + patience + ". Handled so far: " + numbers());
            }
            try {
                wait(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("Interrupted while waiting.", e);
            }
        }
    }
}
