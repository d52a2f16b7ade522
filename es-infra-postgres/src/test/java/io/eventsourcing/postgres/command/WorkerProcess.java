package io.eventsourcing.postgres.command;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.command.CommandWorkers;
import io.eventsourcing.core.command.WorkerSettings;
import io.eventsourcing.core.subscription.RetryPolicy;
import io.eventsourcing.postgres.PostgresCommandStore;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.crash.Chaos;
import io.eventsourcing.postgres.process.ForkedJvm;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A JVM that handles commands until it is killed. */
final class WorkerProcess {

    static final Duration LEASE = Duration.ofSeconds(1);

    /** More attempts than kills may cost a command that is not broken. */
    static final RetryPolicy RETRY = new RetryPolicy(8, Duration.ofMillis(10), Duration.ofMillis(40));

    private WorkerProcess() {}

    static ForkedJvm start(TestDatabase database, Path folder, String node, int threads) {
        return ForkedJvm.start(
                WorkerProcess.class,
                folder.resolve(node + ".txt"),
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                List.of(
                        database.url(),
                        database.user(),
                        database.password(),
                        node,
                        Integer.toString(threads),
                        folder.toString()));
    }

    /** If this file exists, a node lets go of a command that is held. */
    static Path gate(Path folder, String node) {
        return folder.resolve(node + ".go");
    }

    /** This file exists when a node is in the midst of a command that is held. */
    static Path midst(Path folder, String node) {
        return folder.resolve(node + ".held");
    }

    public static void main(String[] arguments) throws Exception {
        ForkedJvm.endWithParent();
        String node = arguments[3];
        int threads = Integer.parseInt(arguments[4]);
        Consumer<Work> midst = new Midst(Path.of(arguments[5]), node, ConcurrentHashMap.newKeySet());
        WorkerSettings settings =
                new WorkerSettings(node, threads, LEASE, Duration.ofMillis(100), RETRY, Duration.ofSeconds(10));
        try (HikariDataSource connections = WorkSite.pool(arguments[0], arguments[1], arguments[2], threads + 2)) {
            PostgresEventStore events = new PostgresEventStore(connections, Worked.SERIALIZATION);
            PostgresCommandStore commands = new PostgresCommandStore(connections, events);
            try (CommandWorkers workers =
                    new CommandWorkers(WorkHandlers.bus(events, commands, node, midst), commands, settings)) {
                workers.wake();
                new CountDownLatch(1).await();
            }
        }
    }

    /** What happens while a command is being handled: some milliseconds pass, in which a kill may come, and some fail. */
    private record Midst(Path folder, String node, Set<String> failed) implements Consumer<Work> {

        @Override
        public void accept(Work work) {
            Chaos.pause(new Random(), 30);
            switch (work.kind()) {
                case HELD -> hold();
                case FLAKY -> {
                    if (failed.add(work.stream() + " " + work.number())) {
                        throw new IllegalStateException("a defect, once");
                    }
                }
                case BROKEN -> throw new IllegalStateException("a defect, always");
                default -> {}
            }
        }

        private void hold() {
            try {
                Files.writeString(midst(folder, node), "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(gate(folder, node)));
        }
    }
}
