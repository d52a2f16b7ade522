package io.eventsourcing.spring;

import io.eventsourcing.postgres.PostgresProjections;
import io.eventsourcing.postgres.ReadModelDifference;
import io.eventsourcing.postgres.ReadModelMismatchException;
import io.eventsourcing.projection.ProjectionDefinition;
import io.eventsourcing.projection.ReadModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Compares the tables of all projections with their records, before any of them runs: so one list names all differences. */
final class ReadModelCheck {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final PostgresProjections store;
    private final ReadModels readModels;
    private final @Nullable Path report;

    ReadModelCheck(PostgresProjections store, ReadModels readModels, @Nullable Path report) {
        this.store = store;
        this.readModels = readModels;
        this.report = report;
    }

    /**
     * Compares them, and writes the report, if there is to be one.
     *
     * @throws ReadModelMismatchException if tables differ
     */
    void check(List<ProjectionDefinition> projections) {
        List<ReadModelDifference> differences = projections.stream()
                .flatMap(each ->
                        store.differences(each.name(), each.version(), readModels.types(each.readModels())).stream())
                .toList();
        if (report != null) {
            write(new Report(differences.isEmpty(), differences), report);
        }
        if (!differences.isEmpty()) {
            throw new ReadModelMismatchException(differences);
        }
    }

    private static void write(Report written, Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(written));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The report of read models could not be written to " + file
                            + ". The application was not started. Let eventsourcing.read-models.report name a file that can be written.",
                    e);
        }
    }

    /** What a tool reads. */
    private record Report(boolean matches, List<ReadModelDifference> differences) {}
}
