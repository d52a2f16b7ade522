package io.eventsourcing.postgres;

import io.eventsourcing.core.serialization.SerializedEvent;
import io.eventsourcing.core.serialization.SerializedPayload;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Several requests of one tenant, or none, as the parameters of a set-based SQL function: one array for each column. */
final class AppendParameters {

    /** Separates the tags of an event; identifiers contain no control characters. */
    private static final String TAG_SEPARATOR = "\u001f";

    private final @Nullable String tenant;
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

    AppendParameters(List<SerializedAppend> appends) {
        this.tenant = appends.isEmpty() ? null : appends.get(0).tenant().value();
        appends.forEach(this::add);
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

    private void add(SerializedAppend append) {
        streamTypes.add(append.stream().type());
        streamIds.add(append.stream().id());
        expected.add(append.expected());
        for (int i = 0; i < append.events().size(); i++) {
            requests.add(streamIds.size());
            ordinals.add(i + 1);
            eventIds.add(append.id(i).value());
            SerializedEvent event = append.events().get(i);
            payloads.add(event.payload());
            metadata.add(event.metadata());
            tags.add(String.join(TAG_SEPARATOR, event.tags()));
        }
        SerializedPayload state = append.state();
        if (state != null) {
            stateRequests.add(streamIds.size());
            states.add(state);
        }
    }

    /** Binds the requests and their events in the order of append_group's parameters, with which those of append_events begin. */
    void bindEvents(Binder binder) throws SQLException {
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
    }

    /** Binds the snapshots, with which append_events' parameters end. */
    void bindStates(Binder binder) throws SQLException {
        binder.ints(stateRequests);
        binder.texts(states.types);
        binder.ints(states.schemaVersions);
        binder.texts(states.json);
        binder.texts(states.codecs);
    }
}
