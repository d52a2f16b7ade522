package io.eventsourcing.postgres;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A copy of a running server's data, as pg_basebackup makes it (PostgreSQL manual, "Making a base backup using the low level API"). */
final class BaseBackup {

    private static final Set<String> OF_THE_RUNNING_SERVER = Set.of("postmaster.pid", "postmaster.opts", "epg-lock");

    private static final Set<String> EMPTY_IN_A_BACKUP = Set.of("pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify");

    private BaseBackup() {}

    /** Copies the data of a server into a folder that does not exist. What the server commits after it is not in it. */
    static void take(DataSource admin, Path from, Path to) {
        try (Connection connection = admin.getConnection()) {
            JdbcTemplate jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
            jdbc.execute("select pg_backup_start('test', true)");
            copy(from, to);
            String label = jdbc.queryForObject("select labelfile from pg_backup_stop(false)", String.class);
            Files.writeString(to.resolve("backup_label"), label);
            copyWrittenMeanwhile(from.resolve("pg_wal"), to.resolve("pg_wal"));
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("The backup of " + from + " failed.", e);
        }
    }

    /** Makes a copy that follows a server, asynchronously at first, when it is started. */
    static void makeStandby(Path copy, int primaryPort) throws IOException {
        Files.createFile(copy.resolve("standby.signal"));
        Files.writeString(
                copy.resolve("postgresql.auto.conf"),
                "\nprimary_conninfo = 'host=localhost port=" + primaryPort
                        + " user=postgres application_name=standby'\n",
                StandardOpenOption.APPEND);
    }

    private static void copyWrittenMeanwhile(Path from, Path to) throws IOException {
        try (Stream<Path> segments = Files.list(from)) {
            for (Path segment : segments.filter(Files::isRegularFile).toList()) {
                Files.copy(segment, to.resolve(segment.getFileName()));
            }
        }
        Files.createDirectory(to.resolve("archive_status"));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.copy(folder, to.resolve(from.relativize(folder)), StandardCopyOption.COPY_ATTRIBUTES);
                boolean isEmptied =
                        EMPTY_IN_A_BACKUP.contains(from.relativize(folder).toString());
                return isEmptied ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!OF_THE_RUNNING_SERVER.contains(file.getFileName().toString())) {
                    Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // gone since its folder was read, as a backup allows
            }
        });
    }
}
