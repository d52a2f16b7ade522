package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.SerializedEvent;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request with its events and its snapshot as they will be stored: serialized by the thread that appends, before a connection
 * is taken.
 *
 * @param request what was asked for
 * @param events the events' content, in order
 * @param state the snapshot's state, if the request has one
 */
record SerializedAppend(
        AppendRequest request,
        List<SerializedEvent> events,
        @Nullable SerializedPayload state) implements Groupable<AppendResult> {

    /** Larger appends gain nothing from a common commit, and would hold up the others. */
    private static final int MOST_EVENTS_IN_A_GROUP = 32;

    /** In characters. */
    private static final int LONGEST_IN_A_GROUP = 64 * 1024;

    private static final long ANY = -1;
    private static final long STREAM_EXISTS = -2;

    static SerializedAppend of(AppendRequest request, EventSerialization serialization) {
        List<SerializedEvent> events = new ArrayList<>(request.events().size());
        for (NewEvent event : request.events()) {
            events.add(serialization.write(request.stream(), event));
        }
        Object state = request.snapshotState();
        return new SerializedAppend(
                request, events, state == null ? null : serialization.writeState(request.stream(), state));
    }

    StreamId stream() {
        return request.stream();
    }

    @Override
    public TenantId tenant() {
        return stream().tenant();
    }

    @Override
    public Object key() {
        return stream();
    }

    @Override
    public SqlErrors errors() {
        return SqlErrors.ofAppend(List.of(stream()));
    }

    /** What a group wrote of this very call was recorded by no earlier one. */
    @Override
    public AppendResult ofRepeated(AppendResult repeated) {
        return new AppendResult(repeated.stream(), repeated.version(), repeated.positions(), false);
    }

    EventId id(int event) {
        return request.events().get(event).id();
    }

    /** The expected version as the SQL functions take it: below zero if it is none. */
    long expected() {
        ExpectedVersion expected = request.expected();
        if (expected instanceof ExpectedVersion.Exactly exactly) {
            return exactly.version().value();
        }
        if (expected instanceof ExpectedVersion.NoStream) {
            return 0;
        }
        return expected instanceof ExpectedVersion.Any ? ANY : STREAM_EXISTS;
    }

    /** What this append wrote, or had written before; takes its events' positions. */
    AppendResult result(long version, Iterator<GlobalPosition> positions, boolean alreadyRecorded) {
        List<GlobalPosition> ofEvents = new ArrayList<>(events.size());
        events.forEach(event -> ofEvents.add(positions.next()));
        return new AppendResult(stream(), StreamVersion.of(version), ofEvents, alreadyRecorded);
    }

    /** Whether append_usual_event takes it: one event without tags and snapshot, at an exact version. */
    boolean isUsual() {
        return events.size() == 1 && events.get(0).tags().isEmpty() && state == null && expected() >= 0;
    }

    /** Whether it may share a commit with others. */
    boolean isSmall() {
        return state == null
                && events.size() <= MOST_EVENTS_IN_A_GROUP
                && events.stream().mapToLong(SerializedAppend::length).sum() <= LONGEST_IN_A_GROUP;
    }

    private static long length(SerializedEvent event) {
        return (long) event.payload().json().length()
                + event.metadata().length()
                + event.tags().stream().mapToInt(String::length).sum();
    }
}
