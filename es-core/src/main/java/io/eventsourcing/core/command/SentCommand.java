package io.eventsourcing.core.command;

import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.stream.StreamId;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to its handler.
 *
 * @param payload the command itself
 * @param command the command as it is stored
 * @param claim by what a worker holds it; null if it is executed at once
 */
record SentCommand(
        Object payload, NewCommand command, @Nullable Claim claim) {

    CommandId id() {
        return command.id();
    }

    StreamId stream() {
        return command.stream();
    }

    /** The metadata of its events: what is known of the command is known of them. */
    EventMetadata effect() {
        String id = command.id().toString();
        String correlationId = command.metadata().correlationId();
        return command.metadata().toBuilder()
                .causationId(id)
                .correlationId(correlationId == null ? id : correlationId)
                .build();
    }

    NewEvent event(Object payload) {
        NewEvent event = payload instanceof NewEvent given ? given : NewEvent.of(payload);
        return event.metadata().equals(EventMetadata.NONE) ? event.withMetadata(effect()) : event;
    }

    CommandCompletion with(CommandResult result) {
        return new CommandCompletion(command, claim, result, null);
    }
}
