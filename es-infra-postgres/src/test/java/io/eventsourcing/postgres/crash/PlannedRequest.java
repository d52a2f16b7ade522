package io.eventsourcing.postgres.crash;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The part of an append that goes to one stream. */
record PlannedRequest(String stream, String expected, boolean snapshot, List<PlannedEvent> events) {

    static final String STREAM_TYPE = "crash";
    static final String ANY = "any";
    static final String NO_STREAM = "none";
    static final String STREAM_EXISTS = "exists";

    AppendRequest toRequest(TenantId tenant, String append) {
        AppendRequest request = AppendRequest.of(
                new StreamId(tenant, STREAM_TYPE, stream),
                expectedVersion(),
                events.stream().map(PlannedEvent::toNewEvent).toList());
        return snapshot ? request.withSnapshot(new CrashState(append)) : request;
    }

    private ExpectedVersion expectedVersion() {
        return switch (expected) {
            case ANY -> ExpectedVersion.any();
            case NO_STREAM -> ExpectedVersion.noStream();
            case STREAM_EXISTS -> ExpectedVersion.streamExists();
            default -> ExpectedVersion.exactly(Long.parseLong(expected));
        };
    }

    String line() {
        return stream + "|" + expected + "|" + snapshot + "|"
                + events.stream().map(PlannedEvent::line).collect(Collectors.joining(","));
    }

    static PlannedRequest parse(String line) {
        String[] parts = line.split("\\|", -1);
        List<PlannedEvent> events =
                Arrays.stream(parts[3].split(",", -1)).map(PlannedEvent::parse).toList();
        return new PlannedRequest(parts[0], parts[1], Boolean.parseBoolean(parts[2]), events);
    }
}
