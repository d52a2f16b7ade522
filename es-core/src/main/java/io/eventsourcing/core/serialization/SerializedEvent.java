package io.eventsourcing.core.serialization;

import java.util.List;

/**
 * The content of an event as it is stored.
 *
 * @param payload the payload
 * @param metadata the metadata as a JSON object
 * @param tags the tags, each as {@code key:value}, sorted
 */
public record SerializedEvent(SerializedPayload payload, String metadata, List<String> tags) {

    /** Copies the tags. */
    public SerializedEvent {
        tags = List.copyOf(tags);
    }
}
