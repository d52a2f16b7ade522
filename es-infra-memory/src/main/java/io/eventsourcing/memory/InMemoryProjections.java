package io.eventsourcing.memory;

import io.eventsourcing.core.readmodel.ProjectionGeneration;
import io.eventsourcing.core.readmodel.ProjectionGeneration.State;
import io.eventsourcing.core.readmodel.ProjectionState;
import io.eventsourcing.core.readmodel.ProjectionStorePort;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** How projections stand, in memory. Replaced tables are gone at once. Several nodes of one process may share it. Thread-safe. */
public final class InMemoryProjections implements ProjectionStorePort {

    private static final long LOCK_MILLIS = 100;

    private final InMemoryCheckpoints checkpoints;
    private final InMemoryReadModels readModels;

    /** Guarded by this. */
    private final Map<String, ProjectionState> states = new TreeMap<>();

    /** Guarded by this. */
    private final Map<AppliedStream, StreamVersion> applied = new HashMap<>();

    /** Held by who changes rows of an inline projection. */
    private final Lock applying = new ReentrantLock();

    /** Held by batches together, and by who changes a state alone. Guarded by this. */
    private final Map<String, ReadWriteLock> batches = new HashMap<>();

    /**
     * Knows no projections.
     *
     * @param checkpoints in whose transactions batches run
     * @param readModels the rows that they write
     */
    public InMemoryProjections(InMemoryCheckpoints checkpoints, InMemoryReadModels readModels) {
        this.checkpoints = checkpoints;
        this.readModels = readModels;
    }

    @Override
    public synchronized List<ProjectionGeneration> join(
            String projection, int version, boolean isInline, Collection<ReadModelType<?>> types) {
        ProjectionState state = state(projection);
        int newest = state.generations().stream()
                .mapToInt(ProjectionGeneration::version)
                .max()
                .orElse(0);
        if (newest < version) {
            State as = state.current().isEmpty() ? State.LIVE : State.BUILDING;
            replace(add(withoutBuilding(state), version, isInline, as));
        }
        return state(projection).generations().stream()
                .filter(each -> each.version() == version && each.isActive())
                .toList();
    }

    /** Only one is built at a time: that of the newest version. */
    private static ProjectionState withoutBuilding(ProjectionState state) {
        return changed(state, each -> each.state() == State.BUILDING ? in(each, State.RETIRED) : each);
    }

    @Override
    public ProjectionGeneration begin(ProjectionGeneration generation) {
        ReadWriteLock lock = batchesOf(generation.projection());
        lock.readLock().lock();
        checkpoints.atEnd(lock.readLock()::unlock);
        return now(generation);
    }

    /** As {@link #begin}, of the generation that is live. */
    Optional<ProjectionGeneration> beginLive(String projection) {
        ReadWriteLock lock = batchesOf(projection);
        lock.readLock().lock();
        checkpoints.atEnd(lock.readLock()::unlock);
        return live(projection);
    }

    private synchronized Optional<ProjectionGeneration> live(String projection) {
        ProjectionState state = state(projection);
        return state.current().filter(each -> each.state() == State.LIVE && each.isInline() && !state.isPaused());
    }

    @Override
    public synchronized Map<StreamId, StreamVersion> applied(
            ProjectionGeneration generation, Collection<StreamId> streams) {
        Map<StreamId, StreamVersion> versions = new HashMap<>();
        streams.forEach(stream ->
                versions.put(stream, applied.getOrDefault(new AppliedStream(generation, stream), StreamVersion.NONE)));
        return versions;
    }

    @Override
    public Map<StreamId, StreamVersion> lockApplied(ProjectionGeneration generation, Collection<StreamId> streams) {
        applying.lock();
        checkpoints.atEnd(applying::unlock);
        return applied(generation, streams);
    }

    @Override
    public void apply(ProjectionGeneration generation, Map<StreamId, StreamVersion> reached) {
        checkpoints.atCommit(() -> applyNow(generation, reached));
    }

    private synchronized void applyNow(ProjectionGeneration generation, Map<StreamId, StreamVersion> reached) {
        reached.forEach((stream, version) -> applied.put(new AppliedStream(generation, stream), version));
    }

    private record AppliedStream(String projection, int generation, StreamId stream) {
        AppliedStream(ProjectionGeneration generation, StreamId stream) {
            this(generation.projection(), generation.number(), stream);
        }
    }

    InMemoryReadModels readModels() {
        return readModels;
    }

    InMemoryCheckpoints checkpoints() {
        return checkpoints;
    }

    private synchronized ProjectionGeneration now(ProjectionGeneration generation) {
        return state(generation.projection()).generations().stream()
                .filter(each -> each.number() == generation.number())
                .findFirst()
                .orElse(in(generation, State.RETIRED));
    }

    @Override
    public synchronized Map<String, ProjectionState> states() {
        return Map.copyOf(states);
    }

    @Override
    public synchronized boolean pause(String projection, boolean isPaused) {
        ProjectionState state = states.get(projection);
        if (state == null) {
            return false;
        }
        replace(new ProjectionState(projection, isPaused, state.generations()));
        return true;
    }

    @Override
    public synchronized ProjectionGeneration rebuild(
            String projection, int version, boolean isInline, Collection<ReadModelType<?>> types) {
        ProjectionState state = state(projection);
        if (state.building().isEmpty()) {
            replace(add(state, version, isInline, State.BUILDING));
        }
        return state(projection).building().orElseThrow();
    }

    @Override
    public boolean close(ProjectionGeneration live) {
        return change(live, State.LIVE, State.CLOSED);
    }

    @Override
    public boolean reopen(ProjectionGeneration closed) {
        return change(closed, State.CLOSED, State.LIVE);
    }

    private boolean change(ProjectionGeneration generation, State from, State to) {
        return alone(
                generation.projection(),
                state -> changed(
                        state,
                        each -> each.number() == generation.number() && each.state() == from ? in(each, to) : each));
    }

    @Override
    public boolean takeOver(ProjectionGeneration built, Collection<ReadModelType<?>> types) {
        return alone(built.projection(), state -> {
            ProjectionGeneration building = of(built, state);
            if (building.state() != State.BUILDING) {
                return state;
            }
            readModels.replace(
                    types.stream().<ReadModelTable>map(building::table).toList());
            return changed(
                    state,
                    each -> each.number() == built.number()
                            ? in(each, State.LIVE)
                            : each.state() == State.CLOSED ? in(each, State.RETIRED) : each);
        });
    }

    @Override
    public boolean reset(ProjectionGeneration live, Collection<ReadModelType<?>> types) {
        return alone(live.projection(), state -> {
            if (of(live, state).state() != State.LIVE) {
                return state;
            }
            readModels.clear(types);
            ProjectionState ended =
                    changed(state, each -> each.number() == live.number() ? in(each, State.RETIRED) : each);
            return add(ended, live.version(), live.isInline(), State.LIVE);
        });
    }

    @Override
    public synchronized void dropRetired(String projection, long forAtLeast, Collection<ReadModelType<?>> types) {
        ProjectionState state = state(projection);
        int newest = state.generations().stream()
                .mapToInt(ProjectionGeneration::number)
                .max()
                .orElse(0);
        replace(new ProjectionState(
                projection,
                state.isPaused(),
                state.generations().stream()
                        .filter(each -> each.state() != State.RETIRED || each.number() == newest)
                        .toList()));
    }

    /** Changes a state while no batch is under way; false if one does not end. */
    private boolean alone(String projection, UnaryOperator<ProjectionState> change) {
        ReadWriteLock lock = batchesOf(projection);
        try {
            if (!lock.writeLock().tryLock(LOCK_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            synchronized (this) {
                replace(change.apply(state(projection)));
            }
            return true;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private synchronized ReadWriteLock batchesOf(String projection) {
        return batches.computeIfAbsent(projection, unused -> new ReentrantReadWriteLock());
    }

    private ProjectionState state(String projection) {
        return states.getOrDefault(projection, new ProjectionState(projection, false, List.of()));
    }

    private void replace(ProjectionState state) {
        states.put(state.projection(), state);
    }

    private static ProjectionGeneration of(ProjectionGeneration generation, ProjectionState state) {
        return state.generations().stream()
                .filter(each -> each.number() == generation.number())
                .findFirst()
                .orElse(in(generation, State.RETIRED));
    }

    private static ProjectionState add(ProjectionState state, int version, boolean isInline, State as) {
        int number = state.generations().stream()
                        .mapToInt(ProjectionGeneration::number)
                        .max()
                        .orElse(0)
                + 1;
        List<ProjectionGeneration> more = new ArrayList<>(state.generations());
        more.add(new ProjectionGeneration(state.projection(), number, version, isInline, as));
        return new ProjectionState(state.projection(), state.isPaused(), more);
    }

    private static ProjectionState changed(ProjectionState state, UnaryOperator<ProjectionGeneration> change) {
        Stream<ProjectionGeneration> changed = state.generations().stream().map(change);
        return new ProjectionState(state.projection(), state.isPaused(), changed.toList());
    }

    private static ProjectionGeneration in(ProjectionGeneration generation, State state) {
        return new ProjectionGeneration(
                generation.projection(), generation.number(), generation.version(), generation.isInline(), state);
    }
}
