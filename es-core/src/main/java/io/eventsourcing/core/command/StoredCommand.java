package io.eventsourcing.core.command;

import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.StreamId;
import java.time.Instant;

/**
 * A command as it is stored.
 *
 * @param id its identity within its tenant
 * @param stream the stream that it is meant for, with its tenant
 * @param payload the command itself
 * @param metadata what else is known about it
 * @param dueAt when it is, or was, to be handled, by the clock of the store
 * @param progress where it stands
 */
public record StoredCommand(
        CommandId id,
        StreamId stream,
        SerializedPayload payload,
        EventMetadata metadata,
        Instant dueAt,
        CommandProgress progress) {

    /**
     * Where it stands.
     *
     * @return the status
     */
    public CommandStatus status() {
        return progress.status();
    }

    /** The command as error texts name it. */
    @Override
    public String toString() {
        return "command " + id + " of type " + payload.type() + " for stream " + stream;
    }
}
