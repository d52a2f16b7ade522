package io.eventsourcing.core.command;

import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.StreamId;

/**
 * A command that is to be stored.
 *
 * @param id its identity; keep it when it is sent again
 * @param stream the stream that it is meant for, with its tenant: commands of one stream are handled one after the other
 * @param payload the command itself
 * @param metadata what else is known about it
 * @param due when it is to be handled
 */
public record NewCommand(CommandId id, StreamId stream, SerializedPayload payload, EventMetadata metadata, Due due) {

    /** The command as error texts name it. */
    @Override
    public String toString() {
        return "command " + id + " of type " + payload.type() + " for stream " + stream;
    }
}
