package io.eventsourcing.core.command;

import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.snapshot.SnapshotOccasion;
import io.eventsourcing.core.snapshot.SnapshotPolicy;
import io.eventsourcing.core.snapshot.SnapshotPort;
import io.eventsourcing.core.snapshot.SnapshotTiming;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamVersion;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a decider decide on the state of the stream, and appends what it says, at the version that it was decided on. */
final class DeciderHandling<C, S, E> implements CommandHandling {

    private static final Logger LOGGER = LoggerFactory.getLogger(DeciderHandling.class);

    private final Decider<C, S, E> decider;
    private final DeciderTypes<C, S, E> types;
    private final AggregateSettings settings;
    private final EventStorePort events;
    private final SnapshotPort snapshots;
    private final CommandStorePort commands;

    DeciderHandling(Decider<C, S, E> decider, AggregateSettings settings, CommandHandlers.Stores stores) {
        this.decider = decider;
        this.types = DeciderTypes.of(decider);
        this.settings = settings;
        this.events = stores.events();
        this.snapshots = stores.snapshots();
        this.commands = stores.commands();
    }

    @Override
    public Set<Class<?>> commands() {
        return Set.of(types.command());
    }

    @Override
    public String streamType() {
        return settings.streamType();
    }

    @Override
    public CommandResult handle(SentCommand sent) {
        long began = System.nanoTime();
        Loaded<S> loaded = load(sent);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        List<NewEvent> decided = decider.decide(types.command().cast(sent.payload()), loaded.state()).stream()
                .map(sent::event)
                .toList();
        if (decided.isEmpty()) {
            return commands.complete(sent.with(new Success(loaded.version(), List.of(), null)))
                    .result();
        }
        AppendRequest append = AppendRequest.of(sent.stream(), expected(loaded.version()), decided);
        S after = isSnapshotDue(loaded, took, decided) ? evolved(loaded.state(), decided) : null;
        if (after != null && settings.snapshotTiming() == SnapshotTiming.WITH_APPEND) {
            append = append.withSnapshot(after);
        }
        Completed completed =
                commands.complete(new CommandCompletion(sent.command(), sent.claim(), Success.NOTHING, append));
        if (after != null && !completed.wasKnown() && settings.snapshotTiming() == SnapshotTiming.AFTER_APPEND) {
            saveSnapshot(sent, StreamVersion.of(loaded.version().value() + decided.size()), after);
        }
        return completed.result();
    }

    /** A state, and what is known of it. */
    private record Loaded<S>(S state, StreamVersion version, long sinceSnapshot) {}

    private Loaded<S> load(SentCommand sent) {
        if (!settings.takesSnapshots()) {
            EventStream stream = events.load(sent.stream());
            S state = stream.fold(decider.initialState(), types.event(), decider::evolve);
            return new Loaded<>(state, stream.version(), stream.version().value());
        }
        var loaded = events.loadWithSnapshot(sent.stream(), types.state());
        S state = loaded.fold(decider.initialState(), types.event(), decider::evolve);
        long snapshotAt =
                loaded.snapshot().map(snapshot -> snapshot.version().value()).orElse(0L);
        return new Loaded<>(state, loaded.version(), loaded.version().value() - snapshotAt);
    }

    @Override
    public void check(EventSerialization serialization) {
        if (settings.takesSnapshots()) {
            try {
                serialization.snapshotType(types.state());
            } catch (IllegalArgumentException e) {
                throw new CommandHandlerConfigurationException(
                        "Snapshots of " + this + " cannot be taken. " + e.getMessage());
            }
        }
    }

    @Override
    public String toString() {
        return "the decider " + decider.getClass().getName();
    }

    private static ExpectedVersion expected(StreamVersion version) {
        return version.equals(StreamVersion.NONE) ? ExpectedVersion.noStream() : ExpectedVersion.exactly(version);
    }

    private boolean isSnapshotDue(Loaded<S> loaded, Duration took, List<NewEvent> decided) {
        SnapshotPolicy policy = settings.snapshots();
        return policy != null
                && policy.isDue(new SnapshotOccasion(
                        loaded.sinceSnapshot() + decided.size(),
                        took,
                        decided.stream().map(NewEvent::payload).toList()));
    }

    private S evolved(S state, List<NewEvent> decided) {
        S after = state;
        for (NewEvent event : decided) {
            after = decider.evolve(after, types.event().cast(event.payload()));
        }
        return after;
    }

    private void saveSnapshot(SentCommand sent, StreamVersion version, S state) {
        try {
            snapshots.save(new Snapshot<>(sent.stream(), version, Objects.requireNonNull(state)));
        } catch (RuntimeException e) {
            LOGGER.warn(
                    "The snapshot of stream {} at version {} could not be saved. The next occasion comes; until then its events are"
                            + " loaded.",
                    sent.stream(),
                    version,
                    e);
        }
    }
}
