package io.eventsourcing.postgres.command;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandQuery;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresCommandStore;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.process.ForkedJvm;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** A database with commands, the JVMs that handle them, and a bus of the test's own JVM, which nothing hinders. */
final class WorkSite implements AutoCloseable {

    static final String PARENT = "parent";

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final TestDatabase database;
    private final Path folder;
    private final HikariDataSource connections;
    private final PostgresEventStore events;
    private final PostgresCommandStore commands;
    private final DirectCommandBus bus;
    private final JdbcTemplate jdbc;
    private final List<Node> nodes = new ArrayList<>();
    private int started;

    /** A JVM, and the name under which its workers take commands. */
    record Node(String name, ForkedJvm jvm) {}

    WorkSite(TestDatabase database, Path folder) {
        this.database = database;
        this.folder = folder;
        new EventStoreSchema(database.dataSource()).migrate();
        this.connections = pool(database.url(), database.user(), database.password(), 4);
        this.events = new PostgresEventStore(connections, Worked.SERIALIZATION);
        this.commands = new PostgresCommandStore(connections, events);
        this.bus = WorkHandlers.bus(events, commands, PARENT, work -> {});
        this.jdbc = new JdbcTemplate(database.adminDataSource());
    }

    static HikariDataSource pool(String url, String user, String password, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(size);
        return new HikariDataSource(config);
    }

    PostgresEventStore events() {
        return events;
    }

    PostgresCommandStore commands() {
        return commands;
    }

    DirectCommandBus bus() {
        return bus;
    }

    Node startNode(int threads) {
        started++;
        String name = "node-" + started;
        Node node = new Node(name, WorkerProcess.start(database, folder, name, threads));
        nodes.add(node);
        return node;
    }

    /** Kills the one that was started first, while it has several commands in hand, which are returned with its name. */
    Map<CommandId, String> killTheOldest() throws InterruptedException {
        Node victim = nodes.remove(0);
        try (ForkedJvm jvm = victim.jvm()) {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> heldBy(victim.name()).size() > 1);
            jvm.kill();
        }
        return heldBy(victim.name());
    }

    private Map<CommandId, String> heldBy(String node) {
        return workers("status = 'consumed' and worker = ?", node);
    }

    /** Who took each command last. */
    Map<CommandId, String> workers() {
        return workers("worker is not null");
    }

    private Map<CommandId, String> workers(String condition, Object... arguments) {
        Map<CommandId, String> workers = new HashMap<>();
        jdbc.query(
                "select id, worker from eventsourcing.command where " + condition,
                row -> {
                    workers.put(new CommandId(row.getObject("id", UUID.class)), row.getString("worker"));
                },
                arguments);
        return workers;
    }

    void awaitEnded(int number) {
        await(number + " commands to end")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    nodes.forEach(node -> node.jvm().requireAlive());
                    return ended() >= number;
                });
    }

    int ended() {
        return jdbc.queryForObject(
                "select count(*) from eventsourcing.command where finished_at is not null", Integer.class);
    }

    Map<CommandId, StoredCommand> stored() {
        Map<CommandId, StoredCommand> stored = new HashMap<>();
        CommandQuery query = CommandQuery.all().limit(1_000);
        List<StoredCommand> page = commands.list(query);
        while (!page.isEmpty()) {
            page.forEach(command -> stored.put(command.id(), command));
            page = commands.list(query.after(page.get(page.size() - 1).id()));
        }
        return stored;
    }

    RecordedWork recorded() {
        return RecordedWork.read(connections);
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.jvm().close());
        connections.close();
    }
}
