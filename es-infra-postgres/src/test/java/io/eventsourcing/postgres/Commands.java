package io.eventsourcing.postgres;

import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.Due;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.StreamId;

/** Commands for tests that look at what is stored, and not at what it means. */
final class Commands {

    private Commands() {}

    static NewCommand to(StreamId stream) {
        SerializedPayload payload =
                new SerializedPayload(new VersionedType("note-it", 1), "{\"text\":\"secret\"}", null);
        return new NewCommand(CommandId.next(), stream, payload, EventMetadata.NONE, Due.NOW);
    }
}
