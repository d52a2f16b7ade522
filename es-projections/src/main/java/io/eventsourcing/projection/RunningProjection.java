package io.eventsourcing.projection;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.readmodel.ProjectionGeneration;
import io.eventsourcing.core.readmodel.ProjectionGeneration.State;
import io.eventsourcing.core.readmodel.ProjectionState;
import io.eventsourcing.core.readmodel.ProjectionStorePort;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.SegmentState;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.SubscriptionStatus;
import io.eventsourcing.core.subscription.Subscriptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An asynchronous projection on this node: a subscription for each of its generations that events are handled for. Brings a rebuild to its
 * end, whichever node has begun it: each node may do the next step at any time.
 *
 * <p>The live generation is closed when the other one has nearly caught up, and replaced when that has passed what is in its tables: so
 * readers never see a row go back. One thread at a time calls.
 */
final class RunningProjection {

    private static final Logger LOGGER = LoggerFactory.getLogger(RunningProjection.class);

    private final ProjectionDefinition definition;
    private final Set<ReadModelType<?>> readModels;
    private final ProjectionNode node;
    private final Map<Integer, ProjectionGeneration> started = new HashMap<>();
    private final RebuildRate rate = new RebuildRate();
    private final Handover handover = new Handover();

    RunningProjection(ProjectionDefinition definition, ProjectionNode node) {
        this.definition = definition;
        this.node = node;
        this.readModels = Set.copyOf(node.readModels().types(definition.readModels()));
    }

    ProjectionDefinition definition() {
        return definition;
    }

    Set<ReadModelType<?>> readModels() {
        return readModels;
    }

    /** Makes it known in the store, and begins. */
    void join() {
        List<ProjectionGeneration> mine =
                node.generations().join(definition.name(), definition.version(), definition.isInline(), readModels);
        mine.stream()
                .filter(each -> each.isInline() != definition.isInline())
                .findFirst()
                .ifPresent(this::refuse);
        if (mine.isEmpty()) {
            LOGGER.warn(
                    "Version {} of projection '{}' has been replaced by a newer one, so that this node handles no events for it. Its tables"
                            + " are those of the newer version.",
                    definition.version(),
                    definition.name());
        }
    }

    private void refuse(ProjectionGeneration other) {
        throw new ProjectionConfigurationException(
                "Version " + definition.version() + " of projection '" + definition.name() + "' is " + definition.mode()
                        + " now, but its rows were written by one that was " + (other.isInline() ? "" : "not ")
                        + "inline, so that events would count twice or not at all. It was not started. Give it a higher version, under"
                        + " which its tables are built anew.");
    }

    /** Does what has become necessary since the last look. */
    void look(ProjectionState state) {
        Map<Integer, ProjectionGeneration> wanted = state.generations().stream()
                .filter(each -> !state.isPaused() && each.isActive() && each.version() == definition.version())
                .collect(Collectors.toMap(ProjectionGeneration::number, each -> each));
        for (ProjectionGeneration running : List.copyOf(started.values())) {
            if (!wanted.containsKey(running.number())) {
                node.subscriptions().stop(running.subscription());
                started.remove(running.number());
            }
        }
        wanted.forEach((number, generation) -> {
            if (!started.containsKey(number)) {
                node.subscriptions().start(subscription(generation));
                started.put(number, generation);
            }
        });
        state.building()
                .filter(building -> started.containsKey(building.number()))
                .ifPresent(building -> advance(building, state));
        boolean hasRetired = state.generations().stream().anyMatch(each -> each.state() == State.RETIRED);
        if (hasRetired) {
            node.generations()
                    .dropRetired(definition.name(), node.settings().dropAfter().toMillis(), readModels);
        }
    }

    private Subscription subscription(ProjectionGeneration generation) {
        return Subscription.named(generation.subscription())
                .filter(LogFilter.ALL.ofTypes(definition.handlers().eventTypes()))
                .startingAt(StartPosition.beginning())
                .sequencedBy(definition.sequencing())
                .delivery(Delivery.IN_TRANSACTION)
                .batchSize(definition.batchSize())
                .retry(definition.retry())
                .handledBy(new GenerationHandler(
                        definition,
                        readModels,
                        generation,
                        node.generations(),
                        node.readModels().store()));
    }

    private void advance(ProjectionGeneration building, ProjectionState state) {
        node.subscriptions().noteProgress();
        List<SegmentState> segments = node.checkpoints().segments(building.subscription());
        rate.note(progressOf(segments));
        ProjectionGeneration current = state.current().orElse(null);
        if (current == null || segments.isEmpty()) {
            return;
        }
        boolean isComplete = segments.stream().allMatch(segment -> segment.parked() == 0);
        if (current.state() == State.CLOSED) {
            takeOverOrReopen(building, current, isComplete, lowest(segments));
        } else if (isComplete
                && handover.mayBegin()
                && end(node.log()) - lowest(segments) <= node.settings().closeLag()) {
            node.generations().close(current);
        }
    }

    /** A table with events missing does not replace another one: they are retried or discarded first, and the old one follows meanwhile. */
    private void takeOverOrReopen(
            ProjectionGeneration building, ProjectionGeneration closed, boolean isComplete, long reached) {
        boolean isTooLong = handover.isTooLong();
        if (isTooLong || !isComplete) {
            if (node.generations().reopen(closed) && isTooLong) {
                handover.failed();
            }
        } else if (reached >= highest(node.checkpoints().segments(closed.subscription()))
                && node.generations().takeOver(building, readModels)) {
            handover.succeeded();
            LOGGER.info(
                    "The rebuilt tables of projection '{}' (generation {}, version {}) have taken the place of those before.",
                    building.projection(),
                    building.number(),
                    building.version());
        }
    }

    private static long end(EventLogPort log) {
        return log.now().value();
    }

    private static long lowest(List<SegmentState> segments) {
        return segments.stream()
                .mapToLong(segment -> segment.position().value())
                .min()
                .orElse(0);
    }

    private static long highest(List<SegmentState> segments) {
        return segments.stream()
                .mapToLong(segment -> segment.position().value())
                .max()
                .orElse(0);
    }

    private static long progressOf(List<SegmentState> segments) {
        return (long) segments.stream()
                .mapToLong(segment -> segment.position().value())
                .average()
                .orElse(0);
    }

    /** The subscription of the tables that applications know, if this node handles events for it. */
    @Nullable
    String liveSubscription(ProjectionState state) {
        return state.current()
                .filter(current -> started.containsKey(current.number()))
                .map(ProjectionGeneration::subscription)
                .orElse(null);
    }

    ProjectionStatus status(ProjectionState state) {
        CheckpointPort checkpoints = node.checkpoints();
        GlobalPosition end = node.log().now();
        List<SegmentState> live = state.current()
                .map(current -> checkpoints.segments(current.subscription()))
                .orElse(List.of());
        List<SegmentState> building = state.building()
                .map(each -> checkpoints.segments(each.subscription()))
                .orElse(List.of());
        long parked = live.stream().mapToLong(SegmentState::parked).sum()
                + building.stream().mapToLong(SegmentState::parked).sum();
        return new ProjectionStatus(
                definition.name(),
                definition.version(),
                definition.mode(),
                state.isPaused(),
                state.generations(),
                lowest(live),
                Math.max(0, end.value() - lowest(live)),
                parked,
                state.building().isEmpty() ? null : rate.progress(progressOf(building), end.value()),
                problem());
    }

    private @Nullable String problem() {
        Set<String> mine = started.values().stream()
                .map(ProjectionGeneration::subscription)
                .collect(Collectors.toSet());
        return node.subscriptions().status().stream()
                .filter(status -> mine.contains(status.name()))
                .map(RunningProjection::problem)
                .filter(problem -> problem != null)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String problem(SubscriptionStatus status) {
        return status.stoppedBy() == null ? status.problem() : status.stoppedBy();
    }

    /** Finishes what is being handled, and handles no more on this node. */
    void stop() {
        started.values().forEach(each -> node.subscriptions().stop(each.subscription()));
        started.clear();
    }

    /** The stores and subscriptions of this node. */
    record ProjectionNode(
            Subscriptions subscriptions,
            CheckpointPort checkpoints,
            EventLogPort log,
            ProjectionStorePort generations,
            ReadModels readModels,
            ProjectionSettings settings) {}
}
