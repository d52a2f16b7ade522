package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.log.LogQuery;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
    private final Function<String, SubscriptionHandler> handlers;

    ParkedEvents(CheckpointPort checkpoints, EventLogPort log, Function<String, SubscriptionHandler> handlers) {
        this.checkpoints = checkpoints;
        this.log = log;
        this.handlers = handlers;
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
     * today, and handled by the subscription's handler on this thread, in a transaction that keeps the segment's checkpoint where it
     * is meanwhile. Later events of the key are handled as usual once none waits.
     *
     * @param subscription the name of the subscription
     * @param key the sequencing key
     * @return what became of them
     * @throws IllegalArgumentException if this node does not run the subscription
     */
    public RetryResult retry(String subscription, String key) {
        HandlerCall handler = new HandlerCall(handlers.apply(subscription));
        int handled = 0;
        while (true) {
            Optional<ParkedEvent> first = first(subscription, key);
            if (first.isEmpty()) {
                return new RetryResult(handled, Optional.empty());
            }
            try {
                if (retry(first.get(), handler)) {
                    handled++;
                }
            } catch (HandlerFailedException e) {
                return new RetryResult(handled, Optional.of(failedAgain(first.get(), e)));
            }
        }
    }

    private Optional<ParkedEvent> first(String subscription, String key) {
        return checkpoints.parked(new ParkedQuery(subscription, key, GlobalPosition.START, 1)).stream()
                .findFirst();
    }

    /** Under the lock of the segment's checkpoint: otherwise later events would be parked behind an empty queue. */
    private boolean retry(ParkedEvent parked, HandlerCall handler) {
        boolean[] done = new boolean[1];
        checkpoints.inTransaction(() -> {
            checkpoints.lock(parked.segment());
            boolean isStillFirst = first(parked.segment().subscription(), parked.key())
                    .filter(first -> first.position().equals(parked.position()))
                    .isPresent();
            if (isStillFirst) {
                entry(parked).ifPresent(entry -> handler.handle(List.of(entry)));
                done[0] = checkpoints.unpark(parked);
            }
        });
        return done[0];
    }

    private ParkedEvent failedAgain(ParkedEvent parked, HandlerFailedException e) {
        String error = Failure.describe(e);
        LOGGER.warn(
                "The parked event at position {} of subscription '{}' failed again. It and those behind it wait still.",
                parked.position(),
                parked.segment().subscription(),
                e.getCause());
        checkpoints.failedAgain(parked, error);
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
        boolean[] discarded = new boolean[1];
        checkpoints.inTransaction(() -> {
            checkpoints.lock(parked.segment()); // or a later event is parked behind a queue that is being emptied
            discarded[0] = checkpoints.discard(parked, reason);
        });
        if (discarded[0]) {
            LOGGER.warn(
                    "The parked event at position {} of subscription '{}' was discarded unhandled: {}",
                    parked.position(),
                    parked.segment().subscription(),
                    reason);
        }
        return discarded[0];
    }

    private Optional<LogEntry> entry(ParkedEvent parked) {
        LogFilter filter = LogFilter.ALL.ofTenant(parked.stream().tenant()).withArchived();
        GlobalPosition before = new GlobalPosition(parked.position().value() - 1);
        return log.read(new LogQuery(before, filter, 1)).entries().stream()
                .filter(entry -> entry.stored().id().equals(parked.id()))
                .findFirst();
    }
}
