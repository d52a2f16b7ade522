package io.eventsourcing.postgres.projection;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.postgres.crash.Chaos;
import io.eventsourcing.postgres.process.ForkedJvm;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** A JVM that counts until it is killed. */
final class CountingProcess {

    private CountingProcess() {}

    static ForkedJvm start(TestDatabase database, Path folder, String node) {
        return ForkedJvm.start(
                CountingProcess.class,
                folder.resolve(node + ".txt"),
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                List.of(database.url(), database.user(), database.password(), node));
    }

    public static void main(String[] arguments) throws Exception {
        ForkedJvm.endWithParent();
        String node = arguments[3];
        try (HikariDataSource connections = CountingNode.pool(arguments[0], arguments[1], arguments[2], node);
                CountingNode unused =
                        new CountingNode(connections, node, Counters.First::new, CountingProcess::pause)) {
            new CountDownLatch(1).await();
        }
    }

    /** Lets some milliseconds pass before and after the checkpoint of a batch is written, in which a kill may come. */
    private static void pause(String moment) {
        if (moment.endsWith("advance")) {
            Chaos.pause(new Random(), 15);
        }
    }
}
