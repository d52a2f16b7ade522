package io.eventsourcing.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SharedServerTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @Test
    void givesAnotherDatabaseOfTheSameServerToEachClass() {
        TestDatabase first = postgres.database();
        TestDatabase second = SharedServer.createDatabase();
        try {
            String server = "SELECT system_identifier || '-' || pg_postmaster_start_time() FROM pg_control_system()";
            assertThat(Sql.query(second.dataSource(), server)).isEqualTo(Sql.query(first.dataSource(), server));
            assertThat(second.url()).isNotEqualTo(first.url());
            assertThat(second.user()).isNotEqualTo(first.user());
        } finally {
            second.drop();
        }
    }

    @Test
    void dropsDatabaseAndRoleAlsoWhileConnectionsAreOpen() throws Exception {
        TestDatabase dropped = SharedServer.createDatabase();
        try (var open = dropped.dataSource().getConnection()) {
            dropped.drop();
            assertThat(open.isValid(1)).isFalse();
        }
        String left = "SELECT (SELECT count(*) FROM pg_database WHERE datname = 'NAME')"
                + " + (SELECT count(*) FROM pg_roles WHERE rolname = 'NAME')";
        assertThat(Sql.query(postgres.database().adminDataSource(), left.replace("NAME", dropped.user())))
                .isEqualTo("0");
    }

    @Test
    void leavesNoProcessAndNoFolderWhenTheJvmEnds(@TempDir Path temp) throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temp,
                        "-Dot.epg.working-dir=" + System.getProperty("java.io.tmpdir") + "/embedded-pg",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestRun.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(jvm.exitValue()).as(output).isZero();
        List<Long> postmasters = output.lines()
                .filter(line -> line.startsWith("postmaster "))
                .map(line -> Long.valueOf(line.substring("postmaster ".length())))
                .toList();
        assertThat(postmasters).hasSize(2).doesNotHaveDuplicates();
        await().untilAsserted(() ->
                assertThat(postmasters).noneMatch(pid -> ProcessHandle.of(pid).isPresent()));
        try (var left = Files.list(temp)) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("es-postgres-")))
                    .isEmpty();
        }
    }

    @Test
    void usesAnExternalServerWhoseLoginIsNoSuperuser() {
        TestDatabase here = postgres.database();
        Sql.execute(here.adminDataSource(), "CREATE ROLE external_admin LOGIN CREATEDB CREATEROLE PASSWORD 'x'");
        try {
            TestDatabase there = TestDatabase.create(SharedServer.start(settings(
                    "es.postgres.mode", "external",
                    "es.postgres.url", here.url() + "?ApplicationName=kept",
                    "es.postgres.user", "external_admin",
                    "es.postgres.password", "x")));
            assertThat(Sql.query(there.dataSource(), "SELECT current_user || current_database()"))
                    .isEqualTo(there.user() + there.user());
            assertThat(Sql.query(there.dataSource(), "SHOW application_name")).isEqualTo("kept");
            assertThat(Sql.query(there.adminDataSource(), "SELECT current_user"))
                    .isEqualTo("external_admin");
            there.drop();
        } finally {
            Sql.execute(here.adminDataSource(), "DROP ROLE external_admin");
        }
    }

    @Test
    void refusesAnExternalServerThatDoesNotAnswer() {
        Login nobody = SharedServer.start(settings(
                "es.postgres.mode", "external",
                "es.postgres.url", "jdbc:postgresql://localhost:1/x",
                "es.postgres.password", "secret"));
        assertThatIllegalStateException()
                .isThrownBy(() -> TestDatabase.create(nobody))
                .withMessageContaining("Connection to localhost:1 refused")
                .withMessageNotContaining("secret");
    }

    @Test
    void refusesAnExternalModeWithoutUrl() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SharedServer.start(settings("es.postgres.mode", "external")))
                .withMessage("es.postgres.mode is 'external', but es.postgres.url is not set. No test was run."
                        + " Give the JDBC URL of the server, and es.postgres.user and es.postgres.password of a login"
                        + " that may create databases and roles.");
    }

    @Test
    void refusesAUrlThatWouldWinOverTheTestsLogins() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SharedServer.start(settings(
                        "es.postgres.mode", "external",
                        "es.postgres.url", "jdbc:postgresql://localhost:1/x?ssl=true&password=secret")))
                .withMessageEndingWith("Give them as es.postgres.user and es.postgres.password.")
                .withMessageNotContaining("secret");
    }

    @Test
    void putsTheDatabaseIntoEveryFormOfUrl() {
        assertThat(on("jdbc:postgresql://h:1,i:2/x?a=b&c=d/e")).isEqualTo("jdbc:postgresql://h:1,i:2/db?a=b&c=d/e");
        assertThat(on("jdbc:postgresql://h/")).isEqualTo("jdbc:postgresql://h/db");
        assertThat(on("jdbc:postgresql:x?a=b")).isEqualTo("jdbc:postgresql:db?a=b");
        assertThat(on("jdbc:postgresql:")).isEqualTo("jdbc:postgresql:db");
    }

    private static String on(String url) {
        return new Login(url, "u", "p").on("db").url();
    }

    @Test
    void refusesAModeThatIsNotKnown() {
        assertThatIllegalStateException()
                .isThrownBy(() -> settings("es.postgres.mode", "docker"))
                .withMessage("es.postgres.mode is 'docker', which is not known. No test was run."
                        + " Choose embedded, testcontainers or external.");
    }

    @Test
    void refusesTestcontainersWithoutDockerAndStartsNothingElse() {
        // whether or not this machine has Docker, it has no image of this PostgreSQL
        assertThatIllegalStateException()
                .isThrownBy(() -> SharedServer.start(
                        settings("es.postgres.mode", "testcontainers", "es.postgres.major", "no-such-major")))
                .withMessageStartingWith("es.postgres.mode is 'testcontainers', but no container with PostgreSQL"
                        + " no-such-major started: ")
                .withMessageEndingWith("No test was run. Start Docker, or choose es.postgres.mode=embedded, which needs"
                        + " none, or es.postgres.mode=external.");
    }

    private static ServerSettings settings(String... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return ServerSettings.of(properties);
    }

    /** A test run in small: uses the shared server and one of its own, closes neither, and ends. */
    static final class TestRun {

        private TestRun() {}

        public static void main(String[] args) throws IOException {
            SharedServer.createDatabase();
            Path temp = Path.of(System.getProperty("java.io.tmpdir"));
            PostgresServer.start(Files.createDirectory(temp.resolve("dedicated")));
            try (var folders = Files.list(temp)) {
                for (Path folder : folders.toList()) {
                    if (Files.exists(folder.resolve("postmaster.pid"))) {
                        System.out.println("postmaster "
                                + Files.readAllLines(folder.resolve("postmaster.pid"))
                                        .get(0)
                                        .strip());
                    }
                }
            }
        }
    }
}
