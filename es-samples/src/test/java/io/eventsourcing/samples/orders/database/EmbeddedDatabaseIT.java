package io.eventsourcing.samples.orders.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class EmbeddedDatabaseIT {

    @TempDir
    private Path folder;

    @Test
    void writesThroughToTheDiskAndLogsInAsAnOrdinaryRole() {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(folder)) {
            JdbcClient client = clientOf(database);
            assertThat(client.sql("show fsync").query(String.class).single()).isEqualTo("on");
            assertThat(client.sql("show synchronous_commit").query(String.class).single())
                    .isEqualTo("on");
            assertThat(client.sql("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
                            .query(Boolean.class)
                            .single())
                    .isFalse();
        }
    }

    @Test
    void stopsTheServerThatAKilledServiceLeftBehindAndKeepsItsData() throws Exception {
        killAService();
        ProcessHandle leftover = serverOn(folder).orElseThrow();
        try (EmbeddedDatabase database = EmbeddedDatabase.start(folder)) {
            assertThat(leftover.isAlive()).isFalse();
            assertThat(clientOf(database).sql("select 1").query(Integer.class).single())
                    .isEqualTo(1);
        }
        assertThat(serverOn(folder)).isEmpty();
    }

    @Test
    void startsAlthoughThePidFileNamesAnotherProgramByNow() throws Exception {
        EmbeddedDatabase.start(folder).close();
        List<String> pidFile = List.of(
                Long.toString(ProcessHandle.current().pid()),
                folder.toString(),
                "1",
                "5432",
                "",
                "localhost",
                "",
                "ready");
        Files.write(folder.resolve("postmaster.pid"), pidFile);
        try (EmbeddedDatabase database = EmbeddedDatabase.start(folder)) {
            assertThat(clientOf(database).sql("select 1").query(Integer.class).single())
                    .isEqualTo(1);
        }
    }

    private void killAService() throws IOException, InterruptedException {
        int exit = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeavesItsServerBehind.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.getParent().toFile(), folder.getFileName() + ".log"))
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }

    private static Optional<ProcessHandle> serverOn(Path folder) throws IOException {
        Path pidFile = folder.resolve("postmaster.pid");
        return Files.exists(pidFile)
                ? ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).get(0)))
                : Optional.empty();
    }

    private static JdbcClient clientOf(EmbeddedDatabase database) {
        return JdbcClient.create(
                new DriverManagerDataSource(database.getJdbcUrl(), database.getUsername(), database.getPassword()));
    }
}
