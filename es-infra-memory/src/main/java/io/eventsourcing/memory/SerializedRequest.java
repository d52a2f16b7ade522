package io.eventsourcing.memory;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.serialization.SerializedEvent;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.StreamId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An append whose events, and snapshot, have been found writable.
 *
 * @param request what was asked
 * @param contents the content of each event, in order
 * @param snapshot the state to keep as a snapshot; null for none
 */
record SerializedRequest(
        AppendRequest request,
        List<SerializedEvent> contents,
        @Nullable SerializedPayload snapshot) {

    StreamId stream() {
        return request.stream();
    }

    int size() {
        return contents.size();
    }
}
