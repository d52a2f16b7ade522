package io.eventsourcing.postgres.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a writer began and what it was told, a line each, in a file that outlives its process: a line is written by one
 * system call, before the append begins and after its answer came.
 */
final class Journal implements AutoCloseable {

    private final FileChannel file;

    Journal(Path folder, String writer) {
        try {
            file = FileChannel.open(
                    folder.resolve(writer + ".journal"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void begun(PlannedAppend plan) {
        write("begun " + plan.line());
    }

    void acknowledged(PlannedAppend plan, List<Acknowledgement> acknowledgements) {
        write("acknowledged " + plan.name() + " "
                + acknowledgements.stream().map(Acknowledgement::line).collect(Collectors.joining(" ")));
    }

    void refused(PlannedAppend plan) {
        write("refused " + plan.name());
    }

    private void write(String line) {
        try {
            file.write(StandardCharsets.UTF_8.encode(line + "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** All appends in the journals of a folder. */
    static List<JournaledAppend> readAll(Path folder) {
        try (Stream<Path> journals = Files.list(folder)) {
            return journals.filter(file -> file.toString().endsWith(".journal"))
                    .flatMap(file -> read(file).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JournaledAppend> read(Path journal) {
        Map<String, JournaledAppend> appends = new LinkedHashMap<>();
        for (String line : completeLines(journal)) {
            List<String> words = Arrays.asList(line.split(" ", -1));
            String name = words.get(1);
            switch (words.get(0)) {
                case "begun" -> {
                    PlannedAppend plan = PlannedAppend.parse(line.substring(line.indexOf(' ') + 1));
                    appends.put(name, JournaledAppend.unanswered(plan));
                }
                case "acknowledged" -> {
                    List<String> given = words.subList(2, words.size());
                    appends.computeIfPresent(
                            name,
                            (any, begun) -> begun.acknowledged(
                                    given.stream().map(Acknowledgement::parse).toList()));
                }
                default -> appends.computeIfPresent(name, (any, begun) -> begun.refused());
            }
        }
        return new ArrayList<>(appends.values());
    }

    /** A kill can cut off the last line; what it began with was then not begun, or not answered. */
    private static List<String> completeLines(Path journal) {
        try {
            String text = Files.readString(journal);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
