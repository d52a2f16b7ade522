package io.eventsourcing.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.postgres.EventStoreSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Prints how the library's commands compare with a bare JDBC insert, at 16 threads, each command on a stream of its own with one event: in
 * one run on one server, alternating. The ratios are the figures to keep.
 *
 * <ul>
 *   <li>execute: 16 threads have commands handled at once
 *   <li>scheduled: 16 threads schedule commands, one by one, and the 16 or 64 of one node handle them meanwhile; until the last is handled
 * </ul>
 *
 * <p>Arguments: rounds (default 5) and seconds for each in a round (default 2).
 */
public final class CommandBenchmark {

    private static final int THREADS = 16;

    /** For the thread that takes commands, and the one that extends leases. Workers share: 64 do not need 64. */
    private static final int MORE_CONNECTIONS = 2;

    private static final int MANY_WORKERS = 64;

    /** Some 50,000 commands of each kind: before, the compiler takes more of two cores than the commands do. */
    private static final int WARM_UP_SECONDS = 15;

    private CommandBenchmark() {}

    /**
     * Runs the benchmark.
     *
     * @param args rounds and seconds
     * @throws Exception if the server or a contender fails
     */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 2;
        try (BenchmarkDatabase database = new BenchmarkDatabase();
                HikariDataSource bare = database.pool(THREADS);
                HikariDataSource pool = database.pool(THREADS + MORE_CONNECTIONS)) {
            System.out.println(database.settings());
            database.createBaseline();
            new EventStoreSchema(pool).migrate();
            CommandNode node = new CommandNode(pool);
            for (Callable<Double> warmUp : rates(bare, node, WARM_UP_SECONDS).values()) {
                warmUp.call();
            }
            compare(rates(bare, node, seconds), rounds);
        }
    }

    private static Map<String, Callable<Double>> rates(HikariDataSource bare, CommandNode node, int seconds) {
        Round round = new Round(THREADS, Duration.ofSeconds(seconds));
        Contender insert = new BareJdbcInsert(bare);
        Map<String, Callable<Double>> rates = new LinkedHashMap<>();
        rates.put("bare insert", () -> round.run(insert));
        rates.put("execute", () -> round.run(node.execute()));
        rates.put("scheduled, 16 workers", () -> node.scheduleAndHandle(round, THREADS));
        rates.put("scheduled, 64 workers", () -> node.scheduleAndHandle(round, MANY_WORKERS));
        return rates;
    }

    private static void compare(Map<String, Callable<Double>> rates, int rounds) throws Exception {
        Map<String, List<Double>> ratios = new LinkedHashMap<>();
        for (int i = 1; i <= rounds; i++) {
            StringBuilder line = new StringBuilder("round " + i + ":");
            double bare = 0;
            for (Map.Entry<String, Callable<Double>> each : rates.entrySet()) {
                double rate = each.getValue().call();
                bare = bare == 0 ? rate : bare;
                ratios.computeIfAbsent(each.getKey(), unused -> new ArrayList<>())
                        .add(rate / bare);
                line.append(String.format(" %s %,.0f/s (%.2f)", each.getKey(), rate, rate / bare));
            }
            System.out.println(line);
        }
        ratios.forEach((what, all) -> {
            all.sort(null);
            System.out.printf(
                    "%-21s ratio median %.2f, min %.2f, max %.2f%n",
                    what, all.get(all.size() / 2), all.get(0), all.get(all.size() - 1));
        });
    }
}
