package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendBatch;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.SerializedEvent;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.ExpectedVersion;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of append_events and append_event: everything that an append writes, serialized before a connection is taken, as one array
 * for each column.
 */
final class AppendParameters {

    /** Separates the tags of an event; identifiers contain no control characters. */
    private static final String TAG_SEPARATOR = "\u001f";

    private static final long ANY = -1;
    private static final long STREAM_EXISTS = -2;

    private final String tenant;
    private final List<String> streamTypes = new ArrayList<>();
    private final List<String> streamIds = new ArrayList<>();
    private final List<Long> expected = new ArrayList<>();
    private final List<Integer> requests = new ArrayList<>();
    private final List<Integer> ordinals = new ArrayList<>();
    private final List<UUID> eventIds = new ArrayList<>();
    private final Payloads payloads = new Payloads();
    private final List<String> metadata = new ArrayList<>();
    private final List<String> tags = new ArrayList<>();
    private final List<Integer> stateRequests = new ArrayList<>();
    private final Payloads states = new Payloads();

    AppendParameters(AppendBatch batch, EventSerialization serialization) {
        this.tenant = batch.tenant().value();
        for (AppendRequest request : batch.requests()) {
            addRequest(request, serialization);
        }
    }

    /** The columns of serialized payloads, of events and of snapshots alike. */
    private static final class Payloads {

        private final List<String> types = new ArrayList<>();
        private final List<Integer> schemaVersions = new ArrayList<>();
        private final List<String> json = new ArrayList<>();
        private final List<@Nullable String> codecs = new ArrayList<>();

        void add(SerializedPayload payload) {
            types.add(payload.type().name());
            schemaVersions.add(payload.type().schemaVersion());
            json.add(payload.json());
            codecs.add(payload.codec());
        }
    }

    private void addRequest(AppendRequest request, EventSerialization serialization) {
        streamTypes.add(request.stream().type());
        streamIds.add(request.stream().id());
        expected.add(toNumber(request.expected()));
        int ordinal = 0;
        for (NewEvent event : request.events()) {
            requests.add(streamIds.size());
            ordinals.add(++ordinal);
            eventIds.add(event.id().value());
            SerializedEvent serialized = serialization.write(request.stream(), event);
            payloads.add(serialized.payload());
            metadata.add(serialized.metadata());
            tags.add(String.join(TAG_SEPARATOR, serialized.tags()));
        }
        Object state = request.snapshotState();
        if (state != null) {
            stateRequests.add(streamIds.size());
            states.add(serialization.writeState(request.stream(), state));
        }
    }

    private static long toNumber(ExpectedVersion expected) {
        if (expected instanceof ExpectedVersion.Exactly exactly) {
            return exactly.version().value();
        }
        if (expected instanceof ExpectedVersion.NoStream) {
            return 0;
        }
        return expected instanceof ExpectedVersion.Any ? ANY : STREAM_EXISTS;
    }

    /** Whether they are those of append_event, too: one event without tags and snapshot. */
    boolean fitAppendEvent() {
        return eventIds.size() == 1 && tags.get(0).isEmpty() && stateRequests.isEmpty();
    }

    /** Binds them in the order of append_event's parameters. */
    void bindOne(PreparedStatement statement) throws SQLException {
        new Binder(statement)
                .text(tenant)
                .text(streamTypes.get(0))
                .text(streamIds.get(0))
                .bigint(expected.get(0))
                .uuid(eventIds.get(0))
                .text(payloads.types.get(0))
                .integer(payloads.schemaVersions.get(0))
                .text(payloads.json.get(0))
                .text(payloads.codecs.get(0))
                .text(metadata.get(0));
    }

    /** Binds them in the order of append_events' parameters. */
    void bindAll(PreparedStatement statement) throws SQLException {
        Binder binder = new Binder(statement);
        binder.text(tenant);
        binder.texts(streamTypes);
        binder.texts(streamIds);
        binder.bigints(expected);
        binder.ints(requests);
        binder.ints(ordinals);
        binder.uuids(eventIds);
        binder.texts(payloads.types);
        binder.ints(payloads.schemaVersions);
        binder.texts(payloads.json);
        binder.texts(payloads.codecs);
        binder.texts(metadata);
        binder.texts(tags);
        binder.ints(stateRequests);
        binder.texts(states.types);
        binder.ints(states.schemaVersions);
        binder.texts(states.json);
        binder.texts(states.codecs);
    }
}
