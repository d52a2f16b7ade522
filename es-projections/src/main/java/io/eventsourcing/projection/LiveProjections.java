package io.eventsourcing.projection;

import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantContext;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the rows of {@link ProjectionMode#LIVE live} projections, for one query each: their handlers get all events in question, and the rows
 * that they write are the answer. So an answer costs as much as its events, and the memory of its rows. Nothing is stored.
 *
 * <p>Thread-safe, if the handlers are.
 */
public final class LiveProjections {

    private final EventStorePort events;
    private final EventLogPort log;
    private final ReadModels readModels;
    private final Map<String, ProjectionDefinition> definitions = new ConcurrentHashMap<>();

    /**
     * Knows no projection yet.
     *
     * @param events the streams
     * @param log the log
     * @param readModels what the projections write
     */
    public LiveProjections(EventStorePort events, EventLogPort log, ReadModels readModels) {
        this.events = events;
        this.log = log;
        this.readModels = readModels;
    }

    /**
     * Makes a projection known, in the place of one of its name that was before.
     *
     * @param definition the projection
     * @throws ProjectionConfigurationException if it is not live
     */
    public void add(ProjectionDefinition definition) {
        if (definition.mode() != ProjectionMode.LIVE) {
            throw new ProjectionConfigurationException("The projection '" + definition.name() + "' is "
                    + definition.mode() + " and not live. It was not added. Start it with Projections.");
        }
        definitions.put(definition.name(), definition);
    }

    /**
     * What the events of a stream come to.
     *
     * @param projection the name of the projection
     * @param stream the stream; if it was never written, there are no rows
     * @return the rows
     * @throws IllegalArgumentException if there is no such projection
     * @throws LiveProjectionException if an event cannot be handled
     * @throws io.eventsourcing.core.event.EventStoreException as {@link EventStorePort#load} does
     */
    public LiveRows ofStream(String projection, StreamId stream) {
        return fold(definition(projection), events.load(stream));
    }

    /**
     * What all events of the {@linkplain TenantContext current tenant} come to.
     *
     * @param projection the name of the projection
     * @return the rows
     * @throws IllegalArgumentException if there is no such projection
     * @throws LiveProjectionException if an event cannot be handled
     * @throws io.eventsourcing.core.event.EventStoreException as {@link EventLogPort#read} does
     */
    public LiveRows ofLog(String projection) {
        return ofLog(projection, LogFilter.ALL);
    }

    /**
     * What some events of the log come to, in the order of their positions.
     *
     * @param projection the name of the projection
     * @param filter which ones; those of the {@linkplain TenantContext current tenant} if it names none
     * @return the rows
     * @throws IllegalArgumentException if there is no such projection
     * @throws LiveProjectionException if an event cannot be handled
     * @throws io.eventsourcing.core.event.EventStoreException as {@link EventLogPort#read} does
     */
    public LiveRows ofLog(String projection, LogFilter filter) {
        ProjectionDefinition definition = definition(projection);
        LogFilter ofTenant = filter.tenant() == null ? filter.ofTenant(TenantContext.current()) : filter;
        LogFilter wanted = filter.eventTypes().isEmpty()
                ? ofTenant.ofTypes(definition.handlers().eventTypes())
                : ofTenant;
        LogQuery query = LogQuery.fromTheBeginning().matching(wanted).limitedTo(1_000);
        return fold(definition, () -> new PagedLog(log.readAll(query).iterator()));
    }

    private ProjectionDefinition definition(String name) {
        ProjectionDefinition found = definitions.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "There is no live projection '" + name + "'. Nothing was read. There are: "
                            + String.join(", ", new TreeMap<>(definitions).keySet()) + ".");
        }
        return found;
    }

    private LiveRows fold(ProjectionDefinition definition, Iterable<RecordedEvent> handled) {
        Set<ReadModelType<?>> types = Set.copyOf(readModels.types(definition.readModels()));
        try (Batch batch = Batch.begin(
                definition.name(),
                NothingStored.INSTANCE,
                type -> types.contains(type) ? new ReadModelTable(type, type.table()) : null)) {
            RecordedEvent last = null;
            for (RecordedEvent event : handled) {
                last = event;
                batch.on(event);
                handle(definition, event);
            }
            if (last != null) {
                flush(definition, batch, last);
            }
            return new LiveRows(readModels, batch.all());
        }
    }

    private static void handle(ProjectionDefinition definition, RecordedEvent event) {
        try {
            definition.handlers().handleOne(event);
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new LiveProjectionException(definition.name(), event, e);
        }
    }

    /** A row that was changed without being there is found here. */
    private static void flush(ProjectionDefinition definition, Batch batch, RecordedEvent last) {
        try {
            batch.flush();
        } catch (RuntimeException e) {
            throw new LiveProjectionException(definition.name(), last, e);
        }
    }
}
