package io.eventsourcing.postgres.crash;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.process.ForkedJvm;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.nio.file.Path;
import java.util.List;

/** A JVM whose threads append until it is killed. */
final class WriterProcess {

    private WriterProcess() {}

    static ForkedJvm start(TestDatabase database, Path folder, String tenant, long seed) {
        return ForkedJvm.start(
                WriterProcess.class,
                folder.resolve("output.txt"),
                List.of("-Xmx256m"),
                List.of(
                        database.url(),
                        database.user(),
                        database.password(),
                        folder.toString(),
                        tenant,
                        Long.toString(seed)));
    }

    public static void main(String[] arguments) throws Exception {
        ForkedJvm.endWithParent();
        String tenant = arguments[4];
        Pool pool = new Pool(arguments[0], arguments[1], arguments[2], tenant);
        try (HikariDataSource connections = pool.open(CrashSite.WRITERS);
                Writers writers = new Writers(
                        new PostgresEventStore(connections, CrashEvent.SERIALIZATION),
                        TenantId.of(tenant),
                        Path.of(arguments[3]),
                        Long.parseLong(arguments[5]))) {
            writers.start(CrashSite.WRITERS);
            writers.awaitEnd();
        }
    }
}
