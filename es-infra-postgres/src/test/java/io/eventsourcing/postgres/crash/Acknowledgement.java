package io.eventsourcing.postgres.crash;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What the store answered for one stream of an append. */
record Acknowledgement(long version, List<Long> positions) {

    static List<Acknowledgement> of(List<AppendResult> results) {
        return results.stream()
                .map(result -> new Acknowledgement(
                        result.version().value(),
                        result.positions().stream().map(GlobalPosition::value).toList()))
                .toList();
    }

    String line() {
        return version + ":" + positions.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    static Acknowledgement parse(String line) {
        String[] parts = line.split(":", -1);
        List<Long> positions =
                Arrays.stream(parts[1].split(",", -1)).map(Long::valueOf).toList();
        return new Acknowledgement(Long.parseLong(parts[0]), positions);
    }
}
