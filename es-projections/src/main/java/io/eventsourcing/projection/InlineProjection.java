package io.eventsourcing.projection;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventNotProjectedException;
import io.eventsourcing.core.event.EventStoreException;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.readmodel.InlineProjectionPort;
import io.eventsourcing.core.readmodel.ProjectionGeneration;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.serialization.EventNotReadableException;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An inline projection in the transactions of appends. It handles what was appended, and before that what others have appended to the same
 * streams that it does not have yet. Streams in which that is too much, or cannot be handled, it leaves to the subscription that follows.
 */
final class InlineProjection {

    private static final Logger LOGGER = LoggerFactory.getLogger(InlineProjection.class);

    /** How many events of a stream an append makes up for at most. */
    private static final long MOST_BEHIND = 1_000;

    private final ProjectionDefinition definition;
    private final Set<ReadModelType<?>> readModels;
    private final InlineProjectionPort store;

    InlineProjection(ProjectionDefinition definition, Set<ReadModelType<?>> readModels, InlineProjectionPort store) {
        this.definition = definition;
        this.readModels = readModels;
        this.store = store;
    }

    String name() {
        return definition.name();
    }

    boolean handles(Set<String> eventTypes) {
        Set<String> handled = definition.handlers().eventTypes();
        return handled.isEmpty() || eventTypes.stream().anyMatch(handled::contains);
    }

    void appended(List<AppendResult> appends) {
        Optional<ProjectionGeneration> live =
                store.begin(name()).filter(generation -> generation.version() == definition.version());
        if (live.isEmpty()) {
            return; // the subscription handles them
        }
        List<StreamId> streams = appends.stream().map(AppendResult::stream).toList();
        Map<StreamId, StreamVersion> applied = store.lockApplied(live.get(), streams);
        Map<StreamId, StreamVersion> reached = new HashMap<>();
        for (AppendResult append : appends) {
            StreamVersion known = applied.getOrDefault(append.stream(), StreamVersion.NONE);
            if (isToHandle(append, known) && handle(append, known, live.get())) {
                reached.put(append.stream(), append.version());
            }
        }
        store.apply(live.get(), reached);
    }

    private static boolean isToHandle(AppendResult append, StreamVersion known) {
        long behind = firstOf(append) - 1 - known.value();
        return append.version().compareTo(known) > 0 && behind <= MOST_BEHIND;
    }

    private static long firstOf(AppendResult append) {
        return append.version().value() - append.positions().size() + 1;
    }

    /** False if an event before those of the append cannot be handled. */
    private boolean handle(AppendResult append, StreamVersion known, ProjectionGeneration live) {
        List<RecordedEvent> events;
        try {
            events = events(append, known);
        } catch (EventNotReadableException e) {
            return left(append, e);
        }
        try (Batch batch =
                Batch.begin(name(), store.rows(), type -> readModels.contains(type) ? live.table(type) : null)) {
            for (RecordedEvent event : events) {
                batch.on(event);
                try {
                    definition.handlers().handleOne(event);
                } catch (Exception e) {
                    if (event.version().value() < firstOf(append)) {
                        return left(append, e);
                    }
                    throw notProjected(event, e);
                }
            }
            flush(batch, events.get(events.size() - 1));
        }
        return true;
    }

    private List<RecordedEvent> events(AppendResult append, StreamVersion known) {
        List<RecordedEvent> events = new ArrayList<>();
        for (RecordedEvent event : store.events().load(append.stream(), known.plus(1))) {
            if (event.version().compareTo(append.version()) > 0) {
                break;
            }
            events.add(event);
        }
        return events;
    }

    private boolean left(AppendResult append, Exception e) {
        LOGGER.warn(
                "The inline projection '{}' cannot handle an event of stream {} that was appended before, so that it does not handle those that"
                        + " are appended now either. The subscription that follows tries them all, and parks what does not help.",
                name(),
                append.stream(),
                e);
        return false;
    }

    private void flush(Batch batch, RecordedEvent last) {
        try {
            batch.flush();
        } catch (EventStoreException e) {
            throw e;
        } catch (RuntimeException e) {
            throw notProjected(last, e);
        }
    }

    private EventNotProjectedException notProjected(RecordedEvent event, Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new EventNotProjectedException(name(), event, e);
    }
}
