package io.eventsourcing.postgres.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.postgres.crash.JournaledAppend.Answer;
import io.eventsourcing.postgres.process.ForkedJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kill -9 of an application's JVM while its threads append. */
class ProcessKillIT {

    private static final int KILLS = Chaos.times(3, 50);

    @TempDir
    Path folder;

    private final Random random = Chaos.random(ProcessKillIT.class);
    private CrashSite site;
    private int unanswered;
    private int written;

    @BeforeEach
    void start() {
        site = new CrashSite(folder);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void losesNothingAcknowledgedAndDoublesNothingRetried() throws Exception {
        for (int kill = 1; kill <= KILLS; kill++) {
            // every second time the retries begin while the server still works on what the dead JVM sent
            killAndRetry("kill-" + kill, kill % 2 == 0);
        }
        Chaos.report("%d JVMs killed: %d appends were unanswered, of which at least %d had been written"
                .formatted(KILLS, unanswered, written));
        assertThat(unanswered).isPositive();
    }

    private void killAndRetry(String tenant, boolean retryAtOnce) throws Exception {
        Path journals = site.open(tenant, random);
        killWhileAppending(tenant, journals);
        List<JournaledAppend> left = Journal.readAll(journals);
        unanswered +=
                (int) left.stream().filter(append -> append.is(Answer.NONE)).count();
        if (!retryAtOnce) {
            await().atMost(Duration.ofSeconds(60)).until(() -> site.tables().backendsOf(tenant) == 0);
            written += site.check(tenant, left);
        }
        List<JournaledAppend> retried = site.retryAll(tenant, left);
        assertThat(retried).noneMatch(append -> append.is(Answer.NONE));
        site.check(tenant, retried);
        site.check(tenant, site.retryAll(tenant, retried));
    }

    private void killWhileAppending(String tenant, Path journals) throws InterruptedException {
        int appends = 50 + random.nextInt(200);
        try (ForkedJvm writers = WriterProcess.start(site.database(), journals, tenant, random.nextLong())) {
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                writers.requireAlive();
                return Journal.readAll(journals).size() > appends;
            });
            Chaos.pause(random, 50);
            writers.kill();
        }
    }
}
