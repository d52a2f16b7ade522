package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.log.LogQuery;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events that subscriptions have set aside, for people and their tools: list them, look at them, retry them in order, discard
 * them with a reason. Works on any node that runs the subscription, whoever owns its segments. Thread-safe.
 */
public final class ParkedEvents {

    private static final Logger LOGGER = LoggerFactory.getLogger(ParkedEvents.class);

    private final CheckpointPort checkpoints;
    private final EventLogPort log;
    private final Function<String, Subscription> running;

    /** The keys that are retried on this node at the moment, each with the name of its subscription. */
    private final Set<List<String>> retrying = ConcurrentHashMap.newKeySet();

    ParkedEvents(CheckpointPort checkpoints, EventLogPort log, Function<String, Subscription> running) {
        this.checkpoints = checkpoints;
        this.log = log;
        this.running = running;
    }

    /**
     * Lists events that wait.
     *
     * @param query which ones
     * @return the events, in the order of their positions
     */
    public List<ParkedEvent> list(ParkedQuery query) {
        return checkpoints.parked(query);
    }

    /**
     * Reads an event that waits, as its handler would get it now.
     *
     * @param parked the event
     * @return the event, upcast; empty if it was deleted meanwhile, or an upcaster drops it
     * @throws io.eventsourcing.core.EventSourcingException if it cannot be read
     */
    public List<RecordedEvent> read(ParkedEvent parked) {
        return entry(parked).map(LogEntry::events).orElse(List.of());
    }

    /**
     * Retries the events of a sequencing key, in order, until one fails or none waits: each is read anew, through the upcasters of
     * today, and handled by the subscription's handler. With {@link Delivery#IN_TRANSACTION} that is one transaction,
     * which keeps the segment's checkpoint where it is meanwhile; otherwise the event leaves its queue when it is handled. Later
     * events of the key are handled as usual once none waits.
     *
     * <p>The handler is called on a thread of its own, as always, for which this waits. So a transaction around the call takes no part, and
     * what becomes of it changes nothing here; but if it has locked what the handler needs, both wait for ever. One thread of a node at a time retries a key. If two nodes do so at the same time, handlers with outside effects may be
     * called twice for an event.
     *
     * @param subscription the name of the subscription
     * @param key the sequencing key
     * @return what became of them
     * @throws IllegalArgumentException if this node does not run the subscription
     * @throws IllegalStateException if the key is being retried on this node, or one of its events is of a type that the subscription
     *     does not look for here
     */
    public RetryResult retry(String subscription, String key) {
        Subscription retried = running.apply(subscription);
        List<String> id = List.of(subscription, key);
        if (!retrying.add(id)) {
            throw new IllegalStateException("The parked events of subscription '" + subscription + "' with the key '"
                    + key + "' are being retried on this node already. Nothing was done. Wait for that retry to end.");
        }
        try {
            return onItsOwnThread(() -> retryAll(retried, key));
        } finally {
            retrying.remove(id);
        }
    }

    private static <T> T onItsOwnThread(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread thread = new Thread(task, "eventsourcing-parked-events");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) Objects.requireNonNull(e.getCause()); // a Supplier throws nothing else
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "The thread was interrupted while parked events were retried. What is handled by now counts; the others wait"
                            + " still.",
                    e);
        }
    }

    private RetryResult retryAll(Subscription subscription, String key) {
        int handled = 0;
        Optional<ParkedEvent> first = first(subscription.name(), key);
        while (first.isPresent()) {
            try {
                handled += retry(first.get(), subscription);
            } catch (HandlerFailedException e) {
                return new RetryResult(handled, Optional.of(failedAgain(first.get(), e)));
            }
            first = first(subscription.name(), key);
        }
        return new RetryResult(handled, Optional.empty());
    }

    private Optional<ParkedEvent> first(String subscription, String key) {
        return checkpoints.parked(new ParkedQuery(subscription, key, GlobalPosition.START, 1)).stream()
                .findFirst();
    }

    /** How many were handled: 1, or 0 if it waits no more or is gone. */
    private int retry(ParkedEvent parked, Subscription subscription) {
        if (subscription.delivery() == Delivery.IN_TRANSACTION) {
            return underLock(parked, () -> {
                boolean isStillFirst = first(subscription.name(), parked.key())
                        .filter(first -> first.position().equals(parked.position()))
                        .isPresent();
                return isStillFirst ? handleAndUnpark(parked, subscription) : 0;
            });
        }
        // While it waits, all later ones of its key are parked behind it. So it can be handled without a
        // transaction, which would hold a connection and the segment for as long as an effect outside takes.
        int handled = handle(parked, subscription);
        return underLock(parked, () -> checkpoints.unpark(parked) ? handled : 0);
    }

    private int handleAndUnpark(ParkedEvent parked, Subscription subscription) {
        int handled = handle(parked, subscription);
        checkpoints.unpark(parked);
        return handled;
    }

    private int handle(ParkedEvent parked, Subscription subscription) {
        // what an upcaster makes of the event may be of types that the subscription does not look for
        Optional<LogEntry> entry = entry(parked).map(found -> wanted(found, subscription));
        entry.ifPresent(present -> new HandlerCall(subscription.handler()).handle(List.of(present)));
        return entry.isPresent() ? 1 : 0;
    }

    /** Not all that an upcaster makes of the event need be looked for; but where nothing is, the handler must be another one. */
    private static LogEntry wanted(LogEntry entry, Subscription subscription) {
        LogEntry wanted = entry.filteredBy(subscription.filter());
        if (wanted.events().isEmpty() && !entry.events().isEmpty()) {
            throw new IllegalStateException("The parked " + entry + " is of a type that subscription '"
                    + subscription.name()
                    + "' does not look for on this node. It and those behind it wait still. Retry it on a node of the version that"
                    + " handles it, or discard it.");
        }
        return wanted;
    }

    /** Without the lock of the segment, a later event could be parked behind a queue that is being emptied. */
    private <T> T underLock(ParkedEvent parked, Supplier<T> work) {
        return checkpoints.inTransaction(() -> {
            checkpoints.lock(parked.segment());
            return work.get();
        });
    }

    private ParkedEvent failedAgain(ParkedEvent parked, HandlerFailedException e) {
        String error = Failure.describe(e);
        LOGGER.warn(
                "The parked event at position {} of subscription '{}' failed again. It and those behind it wait still.",
                parked.position(),
                parked.segment().subscription(),
                e.getCause());
        checkpoints.inTransaction(
                () -> checkpoints.failedAgain(parked, error)); // kept, whatever becomes of the caller's
        return new ParkedEvent(
                parked.segment(),
                parked.key(),
                parked.position(),
                parked.id(),
                parked.stream(),
                parked.attempts() + 1,
                error,
                parked.parkedAt());
    }

    /**
     * Takes an event out of its queue for good, unhandled. Those behind it wait still: retry them.
     *
     * @param parked the event
     * @param reason why, which is kept; 1 to 1,000 characters
     * @return whether it was waiting
     * @throws IllegalArgumentException if there is no reason
     */
    public boolean discard(ParkedEvent parked, String reason) {
        if (reason.isBlank() || reason.length() > 1_000) {
            throw new IllegalArgumentException("The reason for discarding the event at position " + parked.position()
                    + " has " + reason.length() + " characters. It was not discarded. Give 1 to 1000.");
        }
        boolean isDiscarded = underLock(parked, () -> checkpoints.discard(parked, reason));
        if (isDiscarded) {
            LOGGER.warn(
                    "The parked event at position {} of subscription '{}' was discarded unhandled: {}",
                    parked.position(),
                    parked.segment().subscription(),
                    reason);
        }
        return isDiscarded;
    }

    private Optional<LogEntry> entry(ParkedEvent parked) {
        LogFilter filter = LogFilter.ALL.ofTenant(parked.stream().tenant()).withArchived();
        GlobalPosition before = new GlobalPosition(parked.position().value() - 1);
        return log.read(new LogQuery(before, filter, 1)).entries().stream()
                .filter(entry -> entry.stored().id().equals(parked.id()))
                .findFirst();
    }
}
