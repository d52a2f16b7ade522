package io.eventsourcing.postgres.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's side of an append ends in the middle of it, and the writers retry until they are answered. */
class BackendKillIT {

    private static final Duration RECOVERY = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(2);

    @TempDir
    static Path folder;

    private static CrashSite site;

    private final Random random = Chaos.random(BackendKillIT.class);

    @BeforeAll
    static void start() {
        site = new CrashSite(folder);
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    /** The server then ends all backends and goes through recovery, as after a crash of its own. */
    @Test
    void losesAndDoublesNothingWhenABackendIsKilled() throws Exception {
        appendWhile("backends-killed", Chaos.times(3, 50), site.server()::killBackend);
    }

    /** The others go on. */
    @Test
    void losesAndDoublesNothingWhenABackendIsTerminated() throws Exception {
        appendWhile("backends-terminated", Chaos.times(30, 500), site.tables()::terminate);
    }

    @Test
    void losesAndDoublesNothingWhenTheServerIsKilled() throws Exception {
        appendWhile("servers-killed", Chaos.times(1, 10), anyBackend -> {
            site.server().kill();
            site.server().restart();
        });
    }

    private void appendWhile(String tenant, int times, LongConsumer fault) throws Exception {
        Path journals = site.open(tenant, random);
        try (Writers writers = site.writers(tenant, journals, random)) {
            writers.start(CrashSite.WRITERS);
            for (int i = 0; i < times; i++) {
                awaitAppends(writers, 1 + random.nextInt(100));
                Chaos.pause(random, 20);
                fault.accept(appendingBackend());
            }
            awaitAppends(writers, 100);
            writers.stopAndAwaitEnd();
            report(tenant, times, writers);
        }
        checkAndRetry(tenant, Journal.readAll(journals));
    }

    private void checkAndRetry(String tenant, List<JournaledAppend> appends) {
        assertThat(appends).noneMatch(append -> append.is(JournaledAppend.Answer.NONE));
        site.check(tenant, appends);
        site.check(tenant, site.retryAll(tenant, appends));
    }

    private static void awaitAppends(Writers writers, int more) throws InterruptedException {
        int before = writers.acknowledged();
        await().atMost(RECOVERY).pollInterval(POLL).until(() -> writers.acknowledged() >= before + more);
    }

    private long appendingBackend() {
        List<Long> backends = await().atMost(RECOVERY)
                .pollInterval(POLL)
                .ignoreExceptions()
                .until(() -> site.tables().appendingBackends(), found -> !found.isEmpty());
        return backends.get(random.nextInt(backends.size()));
    }

    private static void report(String tenant, int times, Writers writers) throws InterruptedException {
        int unknown = writers.total(WriterFigures::outcomesUnknown);
        Chaos.report(
                "%d %s: %d appends acknowledged, %d refusals while unavailable, %d unknown outcomes, of which %d were written"
                        .formatted(
                                times,
                                tenant,
                                writers.acknowledged(),
                                writers.total(WriterFigures::timesUnavailable),
                                unknown,
                                writers.total(WriterFigures::writtenUnacknowledged)));
        assertThat(unknown).isPositive();
    }
}
