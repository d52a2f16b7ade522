package io.eventsourcing.postgres.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.aggregate.Aggregate;
import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.command.AggregateSettings;
import io.eventsourcing.core.command.CommandHandlers;
import io.eventsourcing.core.command.CommandObserver;
import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandSettings;
import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.command.TargetId;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.snapshot.SnapshotPolicy;
import io.eventsourcing.core.snapshot.SnapshotTiming;
import io.eventsourcing.core.snapshot.SnapshotType;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresCommandStore;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.crash.Chaos;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many threads that send commands to one stream: each succeeds or is rejected by the domain, none ends in a conflict. */
@Timeout(120)
class HotStreamIT {

    private static final int THREADS = 64;
    private static final int COMMANDS = 2_000;
    private static final int PLACES = 1_500;
    private static final Rejection FULL = Rejection.of("full", "The hall is full.");

    @CommandType("hot-book")
    record Book(@TargetId String hall, int visitor) {}

    @EventType("hot-booked")
    record Booked(int visitor) {}

    @SnapshotType("hot-hall")
    record Hall(int booked) {}

    @Aggregate("hot-hall")
    private static final class Halls implements Decider<Book, Hall, Booked> {

        @Override
        public Hall initialState() {
            return new Hall(0);
        }

        @Override
        public List<Booked> decide(Book command, Hall hall) {
            if (hall.booked() == PLACES) {
                throw new CommandRejectedException(FULL);
            }
            return List.of(new Booked(command.visitor()));
        }

        @Override
        public Hall evolve(Hall hall, Booked event) {
            return new Hall(hall.booked() + 1);
        }
    }

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final EventSerialization SERIALIZATION = EventSerialization.of(Booked.class);

    private final List<HikariDataSource> pools = new ArrayList<>();
    private final List<Integer> decided = Collections.synchronizedList(new ArrayList<>());
    private final Set<Integer> successes = ConcurrentHashMap.newKeySet();
    private final AtomicInteger rejections = new AtomicInteger();
    private final AtomicInteger conflicts = new AtomicInteger();

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @AfterEach
    void close() {
        pools.forEach(HikariDataSource::close);
    }

    @Test
    void theCommandsOfOneNodeQueueUp() throws Exception {
        sendAll("one node", nodes(1));

        assertThat(decided).containsOnly(1);
    }

    @Test
    void severalNodesFightAndNoneOfTheirCommandsEndsInAConflict() throws Exception {
        sendAll("four nodes", nodes(4));

        assertThat(Collections.max(decided))
                .as("they meet, and who has met others three times holds the stream")
                .isBetween(2, 4);
    }

    private List<DirectCommandBus> nodes(int number) {
        return IntStream.range(0, number).mapToObj(node -> startNode()).toList();
    }

    private DirectCommandBus startNode() {
        TestDatabase database = postgres.database();
        HikariDataSource pool = WorkSite.pool(database.url(), database.user(), database.password(), 4);
        pools.add(pool);
        PostgresEventStore events = new PostgresEventStore(pool, SERIALIZATION);
        AggregateSettings settings = AggregateSettings.of(Halls.class)
                .withSnapshots(SnapshotPolicy.everyEvents(50), SnapshotTiming.WITH_APPEND);
        CommandHandlers handlers = CommandHandlers.builder(events, events, new PostgresCommandStore(pool, events))
                .decider(new Halls(), settings)
                .build(SERIALIZATION);
        return new DirectCommandBus(handlers, List.of(), CommandSettings.DEFAULT, new CommandObserver() {
            @Override
            public void handled(String type, CommandResult result, int times, Duration took) {
                decided.add(times);
            }
        });
    }

    private void sendAll(String hall, List<DirectCommandBus> nodes) throws Exception {
        long began = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> senders = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                senders.add(threads.submit(() -> send(hall, first, nodes.get(first % nodes.size()))));
            }
            for (Future<?> sender : senders) {
                sender.get();
            }
        } finally {
            threads.shutdownNow();
        }
        report(hall, Duration.ofNanos(System.nanoTime() - began));
        assertThat(conflicts).hasValue(0);
        assertThat(rejections).hasValue(COMMANDS - PLACES);
        assertThat(visitors(hall)).hasSize(PLACES).containsExactlyInAnyOrderElementsOf(successes);
    }

    /** Every command whose number fits to the thread. */
    private void send(String hall, int first, DirectCommandBus node) {
        for (int visitor = first; visitor < COMMANDS; visitor += THREADS) {
            try {
                CommandResult result = node.execute(new Book(hall, visitor));
                if (result.equals(FULL)) {
                    rejections.incrementAndGet();
                } else if (result.isSuccess()) {
                    successes.add(visitor);
                }
            } catch (VersionConflictException e) {
                conflicts.incrementAndGet();
            }
        }
    }

    private List<Integer> visitors(String hall) {
        PostgresEventStore events = new PostgresEventStore(pools.get(0), SERIALIZATION);
        return events.load(StreamId.of("hot-hall", hall)).toList().stream()
                .map(event -> ((Booked) event.payload()).visitor())
                .toList();
    }

    private void report(String nodes, Duration took) {
        List<Integer> sorted = decided.stream().sorted().toList();
        Chaos.report(
                "HotStreamIT figures: %d threads, %s: %d commands in %d ms, %d succeeded, %d rejected, %d ended in a conflict; decided on %d times in the median, at most %d times, %d more than once"
                        .formatted(
                                THREADS,
                                nodes,
                                COMMANDS,
                                took.toMillis(),
                                successes.size(),
                                rejections.get(),
                                conflicts.get(),
                                sorted.get(sorted.size() / 2),
                                sorted.get(sorted.size() - 1),
                                sorted.stream().filter(times -> times > 1).count()));
    }
}
