package io.eventsourcing.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.LogListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** A follower in a JVM of its own, woken by notifications. It tells what it has seen when it is asked for, line by line. */
final class FollowerProcess implements AutoCloseable {

    private static final String READY = "ready";
    private static final String END = "end";

    private final Process process;
    private final BufferedReader output;

    private FollowerProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    static FollowerProcess start(String url) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FollowerProcess.class.getName(),
                        url)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        FollowerProcess started = new FollowerProcess(process);
        String line = started.output.readLine();
        if (!READY.equals(line)) {
            throw new IllegalStateException("The follower's JVM did not start: " + line);
        }
        return started;
    }

    /** Asks what has been seen until now. */
    Map<Delivery, Map<Long, Long>> seen() {
        Map<Delivery, Map<Long, Long>> seen = new EnumMap<>(Delivery.class);
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            for (String line = output.readLine(); line != null && !END.equals(line); line = output.readLine()) {
                String[] words = line.split(" ", -1);
                seen.computeIfAbsent(Delivery.valueOf(words[0]), unused -> new HashMap<>())
                        .put(Long.valueOf(words[1]), Long.valueOf(words[2]));
            }
            return seen;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }

    public static void main(String[] args) throws IOException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(args[0]);
        config.setMaximumPoolSize(10);
        try (HikariDataSource pool = new HikariDataSource(config);
                Follower follower = new Follower(pool, EventSerialization.of(Measured.class));
                LogListener listener = new LogListener(pool, EventStoreSchema.DEFAULT_NAME, follower::wake);
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(READY);
            while (input.readLine() != null) {
                follower.seen()
                        .forEach((delivery, seen) -> seen.forEach(
                                (position, micros) -> System.out.println(delivery + " " + position + " " + micros)));
                System.out.println(END);
            }
        }
    }
}
