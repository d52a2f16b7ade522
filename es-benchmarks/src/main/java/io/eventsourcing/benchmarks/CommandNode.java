package io.eventsourcing.benchmarks;

import io.eventsourcing.core.command.CommandHandlers;
import io.eventsourcing.core.command.CommandObserver;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandSettings;
import io.eventsourcing.core.command.CommandWorkers;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.command.WorkerSettings;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.postgres.PostgresCommandStore;
import io.eventsourcing.postgres.PostgresEventStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A node with the library's commands, which counts those that it has handled. */
final class CommandNode {

    private final PostgresCommandStore store;
    private final DirectCommandBus bus;
    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong scheduled = new AtomicLong();
    private volatile @Nullable CommandWorkers workers;

    CommandNode(DataSource dataSource) {
        EventSerialization serialization = EventSerialization.of(Measured.class);
        PostgresEventStore events = new PostgresEventStore(dataSource, serialization);
        this.store = new PostgresCommandStore(dataSource, events);
        CommandHandlers handlers = CommandHandlers.builder(events, events, store)
                .decider(new Measure.Measuring())
                .build(serialization);
        store.onStored(this::wake);
        this.bus = new DirectCommandBus(handlers, List.of(), CommandSettings.DEFAULT, new CommandObserver() {
            @Override
            public void handled(String type, CommandResult result, int decided, Duration took) {
                if (!result.isSuccess()) {
                    throw new IllegalStateException("A command did not succeed: " + result);
                }
                handled.incrementAndGet();
            }
        });
    }

    private void wake() {
        CommandWorkers running = workers;
        if (running != null) {
            running.wake();
        }
    }

    /** Handles a command at once, each on a stream of its own. */
    Contender execute() {
        return (streamId, number) -> bus.execute(new Measure(streamId + "-" + number));
    }

    /** Commands a second that several threads schedule, one by one, and so many workers of this node handle meanwhile, to the last. */
    double scheduleAndHandle(Round round, int workerThreads) throws Exception {
        long before = handled.get();
        long scheduledBefore = scheduled.get();
        long began = System.nanoTime();
        try (CommandWorkers running = new CommandWorkers(bus, store, settings(workerThreads))) {
            workers = running;
            round.run((streamId, number) -> {
                bus.schedule(new Measure(streamId + "-" + number), Duration.ZERO);
                scheduled.incrementAndGet();
            });
            return handledSince(began, before, scheduled.get() - scheduledBefore);
        }
    }

    private static WorkerSettings settings(int threads) {
        WorkerSettings usual = WorkerSettings.of("benchmark");
        return new WorkerSettings(
                usual.name(), threads, usual.lease(), usual.idlePoll(), usual.retry(), usual.closeWithin());
    }

    private double handledSince(long began, long before, long commands) {
        while (handled.get() - before < commands) {
            LockSupport.parkNanos(1_000_000);
        }
        return commands * 1e9 / (System.nanoTime() - began);
    }
}
