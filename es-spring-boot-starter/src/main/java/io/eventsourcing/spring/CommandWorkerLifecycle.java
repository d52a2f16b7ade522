package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandQueuePort;
import io.eventsourcing.core.command.CommandWorkers;
import io.eventsourcing.core.command.JobSchedulerPort;
import io.eventsourcing.core.command.WorkerSettings;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the workers when everything else has started, and stops them before anything else stops. As often as the context does, such as one
 * that tests share and that pauses while others run.
 */
final class CommandWorkerLifecycle implements JobSchedulerPort, SmartLifecycle {

    private static final Logger LOGGER = LoggerFactory.getLogger(CommandWorkerLifecycle.class);

    private final ApplicationCommandBus bus;
    private final CommandQueuePort queue;
    private final WorkerSettings settings;
    private final Consumer<Runnable> signals;
    private boolean isListening;
    private KeepAlive keepAlive = KeepAlive.NONE;
    private volatile @Nullable CommandWorkers workers;

    /** What has signals calls the listener that it is given when commands may wait. */
    CommandWorkerLifecycle(
            ApplicationCommandBus bus, CommandQueuePort queue, WorkerSettings settings, Consumer<Runnable> signals) {
        this.bus = bus;
        this.queue = queue;
        this.settings = settings;
        this.signals = signals;
    }

    @Override
    public void start() {
        if (bus.handlers().serialization().types().all().isEmpty()) {
            return;
        }
        if (!isListening) {
            isListening = true;
            signals.accept(this::wake);
        }
        workers = new CommandWorkers(bus.direct(), queue, settings);
        keepAlive = KeepAlive.started();
        LOGGER.info("Handles commands that wait, {} at the same time.", settings.threads());
    }

    @Override
    public void stop() {
        CommandWorkers running = workers;
        workers = null;
        if (running != null) {
            running.close();
            keepAlive.end();
        }
    }

    @Override
    public boolean isRunning() {
        return workers != null;
    }

    @Override
    public void wake() {
        CommandWorkers running = workers;
        if (running != null) {
            running.wake();
        }
    }

    @Override
    public @Nullable String problem() {
        CommandWorkers running = workers;
        return running == null ? null : running.problem();
    }
}
