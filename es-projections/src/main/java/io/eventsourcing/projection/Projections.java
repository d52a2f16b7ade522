package io.eventsourcing.projection;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.readmodel.InlineProjectionPort;
import io.eventsourcing.core.readmodel.ProjectionGeneration;
import io.eventsourcing.core.readmodel.ProjectionState;
import io.eventsourcing.core.readmodel.ProjectionStorePort;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.projection.RunningProjection.ProjectionNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs projections on this node, together with the other nodes that run the same ones, and is what people and their tools pause, rebuild
 * and ask them by. What is asked for on one node, all of them do.
 *
 * <p>An idle node costs one statement for each look, for all projections together, besides those of {@link Subscriptions}. Thread-safe.
 */
public final class Projections implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Projections.class);

    private static final Duration LOCKS = Duration.ofSeconds(30);

    private final ProjectionNode node;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(Projections::thread);

    /** By name. Guarded by this, as is what they do. */
    private final Map<String, RunningProjection> running = new TreeMap<>();

    private final @Nullable InlineProjections inline;

    private boolean isFailing;

    /**
     * Runs nothing yet.
     *
     * @param subscriptions follow the log
     * @param checkpoints those of the subscriptions
     * @param log what they follow
     * @param generations keeps how the projections stand, in the transactions of the checkpoints
     * @param readModels what the projections write, in the transactions of the checkpoints
     */
    public Projections(
            Subscriptions subscriptions,
            CheckpointPort checkpoints,
            EventLogPort log,
            ProjectionStorePort generations,
            ReadModels readModels) {
        this(subscriptions, checkpoints, log, generations, null, readModels, ProjectionSettings.DEFAULT);
    }

    /**
     * Runs nothing yet.
     *
     * @param subscriptions follow the log
     * @param checkpoints those of the subscriptions
     * @param log what they follow
     * @param generations keeps how the projections stand, in the transactions of the checkpoints
     * @param inline lets projections take part in appends; null if none is inline
     * @param readModels what the projections write, in the transactions of the checkpoints
     * @param settings how this node runs them
     */
    public Projections(
            Subscriptions subscriptions,
            CheckpointPort checkpoints,
            EventLogPort log,
            ProjectionStorePort generations,
            @Nullable InlineProjectionPort inline,
            ReadModels readModels,
            ProjectionSettings settings) {
        this.inline = inline == null ? null : new InlineProjections(inline);
        this.node = new ProjectionNode(subscriptions, checkpoints, log, generations, readModels, settings);
        long period = settings.lookEvery().toNanos();
        var unused = looks.scheduleWithFixedDelay(this::look, period, period, TimeUnit.NANOSECONDS);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "eventsourcing-projections");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Runs a projection that is not {@link ProjectionMode#LIVE}. A version that its store does not know is built from the beginning of the log: the first one in the tables that
     * applications know, a later one beside them.
     *
     * @param definition the projection
     * @throws ProjectionConfigurationException if one of this name runs already, or another one writes one of its read models
     */
    public synchronized void start(ProjectionDefinition definition) {
        RunningProjection added = new RunningProjection(definition, node);
        for (RunningProjection other : running.values()) {
            rejectBoth(added, other);
        }
        reject(definition);
        added.join();
        running.put(definition.name(), added);
        lookNow();
        if (inline != null && definition.isInline()) {
            inline.add(added);
        }
    }

    private void reject(ProjectionDefinition definition) {
        if (definition.mode() == ProjectionMode.LIVE) {
            throw new ProjectionConfigurationException(
                    "The projection '" + definition.name()
                            + "' is live, so that there is nothing to run. It was not started. Ask LiveProjections for its rows.");
        }
        if (definition.isInline() && inline == null) {
            throw new ProjectionConfigurationException("The projection '" + definition.name()
                    + "' is inline, but these projections take no part in appends. It was not started. Give Projections the"
                    + " InlineProjectionPort of the event store.");
        }
    }

    private static void rejectBoth(RunningProjection added, RunningProjection other) {
        if (other.definition().name().equals(added.definition().name())) {
            throw new ProjectionConfigurationException("There are two projections '"
                    + added.definition().name()
                    + "', so that each would miss what the other one handles. The second one was not started. Name one of them"
                    + " differently.");
        }
        added.readModels().stream()
                .filter(other.readModels()::contains)
                .findFirst()
                .ifPresent(shared -> {
                    throw new ProjectionConfigurationException(
                            "The projections '" + other.definition().name() + "' and '"
                                    + added.definition().name() + "' both write the read model " + shared
                                    + ", so that a rebuild of one would lose the rows of the other. The second one was not started. Give it a"
                                    + " read model of its own, or make one projection of both.");
                });
    }

    private synchronized void look() {
        try {
            lookNow();
            isFailing = false;
        } catch (RuntimeException | Error e) { // the looks must go on
            if (!isFailing) {
                LOGGER.warn("It could not be seen how the projections stand. It is tried again at each look.", e);
            }
            isFailing = true;
        }
    }

    private void lookNow() {
        if (running.isEmpty()) {
            return;
        }
        Map<String, ProjectionState> states = node.generations().states();
        running.forEach((name, projection) -> projection.look(stateOf(name, states)));
    }

    private static ProjectionState stateOf(String name, Map<String, ProjectionState> states) {
        return states.getOrDefault(name, new ProjectionState(name, false, List.of()));
    }

    private synchronized RunningProjection projection(String name) {
        RunningProjection found = running.get(name);
        if (found == null) {
            throw new IllegalArgumentException("This node runs no projection '" + name
                    + "'. Nothing was done. It runs: " + String.join(", ", running.keySet()) + ".");
        }
        return found;
    }

    /**
     * How the projections of this node are doing.
     *
     * @return a status for each, in the order of their names
     */
    public synchronized List<ProjectionStatus> status() {
        Map<String, ProjectionState> states = node.generations().states();
        return running.entrySet().stream()
                .map(each -> each.getValue().status(stateOf(each.getKey(), states)))
                .toList();
    }

    /**
     * Has all nodes handle no more events for a projection, its rebuild included, until it is resumed. Other nodes notice it at their next
     * look.
     *
     * @param name its name
     * @throws IllegalArgumentException if this node does not run it
     */
    public void pause(String name) {
        projection(name);
        node.generations().pause(name, true);
        look();
    }

    /**
     * Has all nodes go on with a projection.
     *
     * @param name its name
     * @throws IllegalArgumentException if this node does not run it
     */
    public void resume(String name) {
        projection(name);
        node.generations().pause(name, false);
        look();
    }

    /**
     * Begins to build a projection anew beside the live tables, which go on following the log, and are replaced when the new ones have caught
     * up. The nodes do so together, and go on after a restart; this does not wait for it. If a rebuild is under way, nothing happens. A
     * rebuild with parked events waits, before it takes the place of the live tables, until they are retried or discarded.
     *
     * @param name its name
     * @throws IllegalArgumentException if this node does not run it
     */
    public void rebuild(String name) {
        RunningProjection rebuilt = projection(name);
        node.generations()
                .rebuild(
                        name,
                        rebuilt.definition().version(),
                        rebuilt.definition().isInline(),
                        rebuilt.readModels());
        look();
    }

    /**
     * Empties the tables of a projection, and builds them from the beginning of the log while readers see how they fill. To keep the old rows
     * until the new ones are there, {@link #rebuild} it.
     *
     * @param name its name
     * @throws IllegalArgumentException if this node does not run it
     * @throws IllegalStateException if a reader or a batch held it up for 30 seconds, or it has no live tables of this version
     */
    public void reset(String name) {
        RunningProjection reset = projection(name);
        withRetries("reset", name, () -> {
            ProjectionGeneration live = stateOf(name, node.generations().states())
                    .current()
                    .filter(ProjectionGeneration::isActive)
                    .filter(each -> each.version() == reset.definition().version())
                    .orElseThrow(() -> new IllegalStateException("The projection '" + name
                            + "' has no live tables of version "
                            + reset.definition().version()
                            + ": a rebuild is about to replace them. Nothing was reset. Wait for it to end."));
            return node.generations().reset(live, reset.readModels());
        });
        look();
    }

    private static void withRetries(String what, String name, Supplier<Boolean> attempt) {
        long deadline = System.nanoTime() + LOCKS.toNanos();
        while (!attempt.get()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The projection '" + name + "' could not be " + what
                        + ", because readers or batches held its tables for " + LOCKS.toSeconds()
                        + " seconds. Nothing was changed. Try it again when they are over.");
            }
            Thread.onSpinWait();
        }
    }

    /**
     * Waits until the tables that applications know show an append. Events that are parked count as shown, and so do those that the projection
     * does not handle.
     *
     * @param name the name of the projection
     * @param append the append
     * @param atMost how long to wait
     * @return false if the time was over before
     * @throws IllegalArgumentException if this node does not run it
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(String name, AppendResult append, Duration atMost) throws InterruptedException {
        return await(name, append.positions(), atMost);
    }

    /**
     * Waits until the tables that applications know show events.
     *
     * @param name the name of the projection
     * @param positions where the events stand in the log
     * @param atMost how long to wait
     * @return false if the time was over before
     * @throws IllegalArgumentException if this node does not run it
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(String name, List<GlobalPosition> positions, Duration atMost) throws InterruptedException {
        RunningProjection awaited = projection(name);
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            String live = liveSubscription(name, awaited);
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            if (live != null
                    && node.subscriptions().awaitPassed(live, positions, shorter(left, LOOK))
                    && live.equals(liveSubscription(name, awaited))) {
                return true;
            }
            if (System.nanoTime() >= deadline) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(live == null ? PAUSE_MILLIS : 0);
        }
    }

    /** While a rebuild takes the place of the live tables, which is over soon, nothing is handled for them. */
    private static final long PAUSE_MILLIS = 5;

    /** After this a rebuild may have taken the place of what was waited for. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private synchronized @Nullable String liveSubscription(String name, RunningProjection projection) {
        return projection.liveSubscription(stateOf(name, node.generations().states()));
    }

    /** Finishes what is being handled, and handles no more on this node, until projections are started again. The other nodes go on. */
    public synchronized void stopAll() {
        if (inline != null) {
            inline.clear();
        }
        running.values().forEach(RunningProjection::stop);
        running.clear();
    }

    /** {@link #stopAll() Stops all projections} of this node, for good. The subscriptions stay open. */
    @Override
    public void close() {
        looks.shutdown();
        end(looks);
        stopAll();
    }

    private static void end(ExecutorService ending) {
        try {
            if (!ending.awaitTermination(10, TimeUnit.SECONDS)) {
                ending.shutdownNow();
            }
        } catch (InterruptedException e) {
            ending.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
