package io.eventsourcing.postgres.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.PostgresEventStore;
import io.eventsourcing.postgres.crash.JournaledAppend.Answer;
import io.eventsourcing.testkit.postgres.PostgresServer;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A PostgreSQL server of the test's own with an event store, and the steps that follow a crash. */
final class CrashSite implements AutoCloseable {

    static final int WRITERS = 6;

    private final Path folder;
    private final PostgresServer server;
    private final TestDatabase database;
    private final HikariDataSource connections;
    private final PostgresEventStore store;
    private final Tables tables;

    CrashSite(Path folder) {
        this.folder = folder;
        this.server = PostgresServer.start(createFolder("data"));
        this.database = server.createDatabase();
        new EventStoreSchema(database.dataSource()).migrate();
        this.connections = new Pool(database.url(), database.user(), database.password(), "crash-test").open(WRITERS);
        this.store = new PostgresEventStore(connections, CrashEvent.SERIALIZATION);
        this.tables = new Tables(database.adminDataSource());
    }

    PostgresServer server() {
        return server;
    }

    TestDatabase database() {
        return database;
    }

    Tables tables() {
        return tables;
    }

    /** A folder for the journals of a tenant's writers, whose shared streams have an event each. */
    Path open(String tenant, Random random) {
        Path journals = createFolder(tenant);
        PlannedAppend plan = AppendPlans.ofSharedStreams(random);
        try (Journal journal = new Journal(journals, "shared")) {
            journal.begun(plan);
            journal.acknowledged(plan, Acknowledgement.of(store.appendAll(plan.toRequests(TenantId.of(tenant)))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return journals;
    }

    /** Writers in this JVM. */
    Writers writers(String tenant, Path journals, Random random) {
        return new Writers(store, TenantId.of(tenant), journals, random.nextLong());
    }

    int check(String tenant, List<JournaledAppend> appends) {
        return JournalCheck.run(tables, tenant, appends);
    }

    /**
     * Repeats every append that was not refused, with the same event ids. Those that were acknowledged are acknowledged as
     * before and write nothing; the others are written, unless they were or unless others came first.
     */
    List<JournaledAppend> retryAll(String tenant, List<JournaledAppend> appends) {
        return appends.stream()
                .map(append -> append.is(Answer.REFUSED) ? append : retry(TenantId.of(tenant), append))
                .toList();
    }

    private JournaledAppend retry(TenantId tenant, JournaledAppend append) {
        PlannedAppend plan = append.plan();
        try {
            List<AppendResult> results = store.appendAll(plan.toRequests(tenant));
            if (append.is(Answer.ACKNOWLEDGED)) {
                assertThat(results).as(plan::name).allMatch(AppendResult::alreadyRecorded);
                assertThat(Acknowledgement.of(results)).as(plan::name).isEqualTo(append.acknowledgements());
            }
            return append.acknowledged(Acknowledgement.of(results));
        } catch (VersionConflictException conflict) {
            if (append.is(Answer.ACKNOWLEDGED) || !conflict.stream().id().equals(AppendPlans.CONTESTED)) {
                throw new AssertionError("The retry was refused of " + append, conflict);
            }
            return append.refused();
        }
    }

    private Path createFolder(String name) {
        try {
            return Files.createDirectory(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        connections.close();
        server.close();
    }
}
