package io.eventsourcing.testkit.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.readmodel.ProjectionState;
import io.eventsourcing.core.readmodel.ReadModelQuery;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.memory.InMemoryCheckpoints;
import io.eventsourcing.memory.InMemoryEventStore;
import io.eventsourcing.memory.InMemoryInlineProjections;
import io.eventsourcing.memory.InMemoryProjections;
import io.eventsourcing.memory.InMemoryReadModels;
import io.eventsourcing.projection.LiveProjections;
import io.eventsourcing.projection.ProjectionDefinition;
import io.eventsourcing.projection.ProjectionMode;
import io.eventsourcing.projection.ReadModels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tries a projection: given events, then rows. The projection runs as it does in the application, in memory unless the fixture is made for
 * another store, and its events and rows are written and read as there. An event that cannot be handled fails the test, with the reason.
 *
 * <p>For one test and one thread.
 */
public final class ProjectionFixture {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ProjectionsUnderTest store;
    private final EventSerialization serialization;
    private final ReadModels readModels;
    private final ProjectionDefinition projection;
    private final List<GlobalPosition> appended = new ArrayList<>();

    private ProjectionFixture(
            ProjectionsUnderTest store,
            EventSerialization serialization,
            Function<ReadModels, Object> projection,
            List<Class<?>> records) {
        this.store = store;
        this.serialization = serialization;
        this.readModels = new ReadModels(store.rows(), serialization.json());
        this.projection = ProjectionDefinition.of(projection.apply(readModels), serialization.eventTypes(), records);
    }

    /**
     * A fixture in memory.
     *
     * @param serialization of the events, with upcasters and codecs
     * @param projection makes the projection, with the updaters of its read models
     * @param records the {@link io.eventsourcing.core.readmodel.ReadModel} records that it writes
     * @return the fixture
     */
    public static ProjectionFixture inMemory(
            EventSerialization serialization, Function<ReadModels, Object> projection, Class<?>... records) {
        return on(memory(serialization), serialization, projection, records);
    }

    /**
     * A fixture on a store, which should be empty.
     *
     * @param store the store
     * @param serialization the one of the store
     * @param projection makes the projection, with the updaters of its read models
     * @param records the {@link io.eventsourcing.core.readmodel.ReadModel} records that it writes
     * @return the fixture
     */
    public static ProjectionFixture on(
            ProjectionsUnderTest store,
            EventSerialization serialization,
            Function<ReadModels, Object> projection,
            Class<?>... records) {
        return new ProjectionFixture(store, serialization, projection, Arrays.asList(records));
    }

    private static ProjectionsUnderTest memory(EventSerialization serialization) {
        InMemoryEventStore events = new InMemoryEventStore(serialization);
        InMemoryCheckpoints checkpoints = new InMemoryCheckpoints();
        InMemoryReadModels rows = new InMemoryReadModels(checkpoints);
        InMemoryProjections projections = new InMemoryProjections(checkpoints, rows);
        return new ProjectionsUnderTest(
                events, events, checkpoints, projections, rows, new InMemoryInlineProjections(events, projections));
    }

    /**
     * What happened to a stream.
     *
     * @param stream the stream
     * @param events its next events
     * @return this fixture
     */
    public ProjectionFixture given(StreamId stream, Object... events) {
        AppendResult result = store.events().append(AppendRequest.of(stream, ExpectedVersion.any(), events));
        appended.addAll(result.positions());
        return this;
    }

    /**
     * The rows of a read model that the {@linkplain TenantContext current tenant} has now are these, in the order of their ids.
     *
     * @param recordClass the record
     * @param rows all of them; none if it is to have none
     * @param <T> the {@link io.eventsourcing.core.readmodel.ReadModel} record
     * @return this fixture, which may be given more events
     * @throws AssertionError if there are others, or an event could not be handled
     */
    @SafeVarargs
    public final <T> ProjectionFixture then(Class<T> recordClass, T... rows) {
        List<T> expected = new ArrayList<>();
        for (T row : rows) {
            expected.add(row);
        }
        assertThat(rows(recordClass))
                .as("the rows of " + recordClass.getSimpleName())
                .containsExactlyElementsOf(expected);
        return this;
    }

    /**
     * The rows of a read model that the {@linkplain TenantContext current tenant} has now.
     *
     * @param recordClass the record
     * @param <T> the record
     * @return the rows, in the order of their ids
     * @throws AssertionError if an event could not be handled
     */
    public <T> List<T> rows(Class<T> recordClass) {
        if (projection.mode() == ProjectionMode.LIVE) {
            LiveProjections live = new LiveProjections(store.events(), store.log(), readModels);
            live.add(projection);
            return live.ofLog(projection.name()).all(recordClass);
        }
        run();
        return readModels
                .reader(recordClass)
                .find(ReadModelQuery.all().limitedTo(ReadModelQuery.MAX_LIMIT))
                .rows();
    }

    private void run() {
        try (ProjectionNode node = new ProjectionNode(store, store.checkpoints(), serialization, readModels)) {
            node.start(projection);
            if (!node.projections.await(projection.name(), appended, PATIENCE)) {
                throw new AssertionError("The projection '" + projection.name() + "' has not handled all events within "
                        + PATIENCE.toSeconds() + " s: " + node.projections.status());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        parked().ifPresent(event -> {
            throw new AssertionError("The projection '" + projection.name()
                    + "' could not handle the event at position " + event.position() + ": " + event.error());
        });
    }

    private Optional<ParkedEvent> parked() {
        @Nullable ProjectionState state = store.generations().states().get(projection.name());
        return state == null
                ? Optional.empty()
                : state.current()
                        .map(live -> new ParkedQuery(live.subscription(), null, GlobalPosition.START, 1))
                        .flatMap(query ->
                                store.checkpoints().parked(query).stream().findFirst());
    }
}
