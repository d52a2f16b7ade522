package io.eventsourcing.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.postgres.EventStoreSchema;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints how fast a projection of the library builds its table, beside one of Axon on its JDBC event store and bare JDBC: from the same
 * events, one upsert for each, in one run on one server, alternating. Then how long after an append the row is there, at 100 appends a
 * second, in one JVM and in two. The ratios are the figures to keep.
 *
 * <ul>
 *   <li>library: a reset of the projection, with its usual settings
 *   <li>axon: the pooled streaming processor, batches of 500, 4 segments, the token in the transaction of the handlers
 *   <li>bare: one thread that does nothing else than it must ({@link BareCatchUp})
 * </ul>
 *
 * <p>Arguments: keys (default 50,000), events of each (default 10), rounds (default 5), seconds of appends (default 20; 0 leaves them out).
 */
public final class ProjectionBenchmark {

    private static final int CONNECTIONS = 16;

    private ProjectionBenchmark() {}

    /**
     * Runs the benchmark.
     *
     * @param args keys, events of each, rounds and seconds
     * @throws Exception if the server or a contender fails
     */
    public static void main(String[] args) throws Exception {
        FixedLog log = new FixedLog(argument(args, 0, 50_000), argument(args, 1, 10));
        int rounds = argument(args, 2, 5);
        try (BenchmarkDatabase database = new BenchmarkDatabase();
                HikariDataSource pool = database.pool(CONNECTIONS);
                HikariDataSource axonPool = database.pool(CONNECTIONS)) {
            System.out.println(database.settings());
            new EventStoreSchema(pool).migrate();
            try (ProjectionNode library = new ProjectionNode(pool)) {
                library.start();
                try (AxonNode axon = new AxonNode(axonPool, log.events())) {
                    log.fill(pool);
                    catchUp(log, pool, new Contenders(library, axon, new BareCatchUp(pool)), rounds);
                }
            }
        }
    }

    private static int argument(String[] args, int place, int usual) {
        return args.length > place ? Integer.parseInt(args[place]) : usual;
    }

    private record Contenders(ProjectionNode library, AxonNode axon, BareCatchUp bare) {}

    /** The first round warms up, and does not count. */
    private static void catchUp(FixedLog log, HikariDataSource pool, Contenders contenders, int rounds)
            throws Exception {
        contenders.library().awaitEnd();
        List<Double> toAxon = new ArrayList<>();
        List<Double> toBare = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            double library = rate(log, pool, contenders.library());
            double axon = rate(log, pool, contenders.axon());
            double bare = rate(log, pool, contenders.bare());
            System.out.printf(
                    "%s library %,.0f/s, axon %,.0f/s (%.2f), bare %,.0f/s (%.2f)%n",
                    round == 0 ? "warm-up:" : "round " + round + ":",
                    library,
                    axon,
                    library / axon,
                    bare,
                    library / bare);
            if (round > 0) {
                toAxon.add(library / axon);
                toBare.add(library / bare);
            }
        }
        report("library to axon", toAxon);
        report("library to bare", toBare);
    }

    private static double rate(FixedLog log, HikariDataSource pool, CatchUp contender) throws Exception {
        contender.reset();
        long began = System.nanoTime();
        contender.run();
        long took = System.nanoTime() - began;
        log.check(pool, contender.table());
        return log.events() * 1e9 / took;
    }

    private static void report(String what, List<Double> ratios) {
        if (!ratios.isEmpty()) {
            List<Double> sorted = ratios.stream().sorted().toList();
            System.out.printf(
                    "%-18s ratio median %.2f, min %.2f, max %.2f%n",
                    what, sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1));
        }
    }
}
