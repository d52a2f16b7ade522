package io.eventsourcing.postgres.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.postgres.EventStoreSchema;
import io.eventsourcing.postgres.process.ForkedJvm;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import io.eventsourcing.testkit.postgres.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Streams of any size are read in a JVM with a heap of 64 MB. */
class ConstantMemoryIT {

    /** Less than 1 MiB by the version that is written before it, and the JSON around it. */
    private static final int LARGE_TEXT = 1024 * 1024 - 64;

    private static final Duration AT_MOST = Duration.ofMinutes(3);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @TempDir
    Path folder;

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    @Test
    void readsAMillionEvents() throws Exception {
        fill("million", 1_000_000, " of a million");

        assertThat(read("million", false)).endsWith("1000000 events");
        assertThat(read("million", true)).endsWith("1000000 events");
    }

    @Test
    void readsEventsOfAMebibyteEach() throws Exception {
        fill("compressible", 300, "x".repeat(LARGE_TEXT));
        fill("incompressible", 300, incompressible());

        assertThat(read("compressible", false)).endsWith("300 events");
        assertThat(read("incompressible", true)).endsWith("300 events");
    }

    /** Random Base64, in which PostgreSQL finds nothing to shorten. */
    private static String incompressible() {
        byte[] bytes = new byte[LARGE_TEXT / 4 * 3];
        new Random(5).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void fill(String stream, int events, String text) {
        new FilledStreams(postgres.database().dataSource()).fill(stream, 1, events, text);
    }

    private String read(String stream, boolean backward) throws InterruptedException {
        TestDatabase database = postgres.database();
        List<String> arguments =
                List.of(database.url(), database.user(), database.password(), stream, Boolean.toString(backward));
        Path output = folder.resolve("output-" + backward + ".txt");
        try (ForkedJvm reader = ForkedJvm.start(StreamReader.class, output, List.of("-Xmx64m"), arguments)) {
            return reader.awaitSuccess(AT_MOST);
        }
    }
}
