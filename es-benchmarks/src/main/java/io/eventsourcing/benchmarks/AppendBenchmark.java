package io.eventsourcing.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.postgres.EventStoreSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints how the library's append of one event compares with a bare JDBC insert: in one run on one server, alternating, at 1
 * and at 16 threads. The ratio is the figure to keep; rates of different runs cannot be compared. At last at 1 thread with commits
 * that take longer, as on slower disks: what the library does besides is the smaller share then.
 *
 * <p>Arguments: rounds (default 7) and seconds for each contender in a round (default 4).
 */
public final class AppendBenchmark {

    private static final int[] THREADS = {1, 16};

    /** In microseconds. */
    private static final int[] SLOWER_COMMITS = {500, 1_000};

    private AppendBenchmark() {}

    /**
     * Runs the benchmark.
     *
     * @param args rounds and seconds
     * @throws Exception if the server or a contender fails
     */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        Duration length = Duration.ofSeconds(args.length > 1 ? Integer.parseInt(args[1]) : 4);
        try (BenchmarkDatabase database = new BenchmarkDatabase()) {
            System.out.println(database.settings());
            database.createBaseline();
            try (HikariDataSource owner = database.pool(2)) {
                new EventStoreSchema(owner).migrate();
            }
            for (int threads : THREADS) {
                compare(database, new Round(threads, length), rounds);
            }
            for (int micros : SLOWER_COMMITS) {
                database.slowCommits(micros);
                System.out.printf("commits slower by %.1f ms:%n", micros / 1_000.0);
                compare(database, new Round(1, length), rounds);
            }
        }
    }

    private static void compare(BenchmarkDatabase database, Round round, int rounds) throws Exception {
        try (HikariDataSource pool = database.pool(round.threads())) {
            compare(round, rounds, new BareJdbcInsert(pool), new LibraryAppend(pool));
        }
    }

    private static void compare(Round round, int rounds, Contender baseline, Contender library) throws Exception {
        round.run(baseline);
        round.run(library);
        List<Double> ratios = new ArrayList<>();
        for (int i = 1; i <= rounds; i++) {
            boolean baselineFirst = i % 2 == 1;
            double first = round.run(baselineFirst ? baseline : library);
            double second = round.run(baselineFirst ? library : baseline);
            double bare = baselineFirst ? first : second;
            double append = baselineFirst ? second : first;
            ratios.add(append / bare);
            System.out.printf(
                    "%2d threads, round %d: bare insert %,7.0f/s, append %,7.0f/s, ratio %.2f%n",
                    round.threads(), i, bare, append, append / bare);
        }
        ratios.sort(null);
        System.out.printf(
                "%2d threads: ratio median %.2f, min %.2f, max %.2f%n",
                round.threads(), ratios.get(ratios.size() / 2), ratios.get(0), ratios.get(ratios.size() - 1));
    }
}
