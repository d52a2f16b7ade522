package io.eventsourcing.core.command;

import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.PayloadContext;
import io.eventsourcing.core.serialization.PayloadSerialization;
import io.eventsourcing.core.stream.StreamId;

/** For adapters that store text: the metadata and the results of commands as JSON, and back. Immutable and thread-safe. */
public final class CommandFormat {

    private final PayloadSerialization payloads;
    private final ResultJson results;

    /**
     * With the mapper, the codecs and the limits of the events.
     *
     * @param events the serialization of the events
     */
    public CommandFormat(EventSerialization events) {
        this.payloads = events.payloads();
        this.results = new ResultJson(payloads);
    }

    /**
     * The metadata of a command as JSON.
     *
     * @param command the command
     * @return a JSON object
     */
    public String metadata(NewCommand command) {
        return payloads.writeMetadata(
                new PayloadContext(command.stream(), command.payload().type()), command.metadata());
    }

    /**
     * The metadata of a command from its JSON.
     *
     * @param json a JSON object
     * @return the metadata
     */
    public EventMetadata metadata(String json) {
        return payloads.readMetadata(json);
    }

    /**
     * A result as JSON.
     *
     * @param result the result
     * @return a JSON object; of a success, the store may add the members {@code version} and {@code positions}
     */
    public String result(CommandResult result) {
        return results.write(result);
    }

    /**
     * A result from its JSON.
     *
     * @param stream the stream that the command is meant for
     * @param json a JSON object
     * @return the result
     */
    public CommandResult result(StreamId stream, String json) {
        return results.read(stream, json);
    }
}
