package io.eventsourcing.core.event;

import java.util.Objects;
import java.util.Set;

/**
 * An event that is to be appended.
 *
 * @param id its identity; keep it when the append is retried
 * @param payload the event itself, of a registered class
 * @param metadata what else is known about it
 * @param tags by which it can be found across streams
 */
public record NewEvent(EventId id, Object payload, EventMetadata metadata, Set<Tag> tags) {

    /** How many tags an event may have. Each tag is a row and, later, a lock of the append. */
    public static final int MAX_TAGS = 32;

    /**
     * Checks the parts and copies the tags.
     *
     * @throws IllegalArgumentException if there are more than {@link #MAX_TAGS} tags
     */
    public NewEvent {
        Objects.requireNonNull(id, "The id of an event is null. Use EventId.next().");
        Objects.requireNonNull(payload, "The payload of an event is null.");
        Objects.requireNonNull(metadata, "The metadata of an event is null. Use EventMetadata.NONE.");
        tags = Set.copyOf(Objects.requireNonNull(tags, "The tags of an event are null. Give an empty set."));
        if (tags.size() > MAX_TAGS) {
            throw new IllegalArgumentException("The event " + id + " has " + tags.size() + " tags, at most " + MAX_TAGS
                    + " are accepted. Tag what you search by, and keep the rest in the payload.");
        }
    }

    /**
     * An event with a new id, without metadata and tags.
     *
     * @param payload the event itself, of a registered class
     * @return the event
     */
    public static NewEvent of(Object payload) {
        return new NewEvent(EventId.next(), payload, EventMetadata.NONE, Set.of());
    }

    /**
     * The same event with another id.
     *
     * @param other the id
     * @return the event with that id
     */
    public NewEvent withId(EventId other) {
        return new NewEvent(other, payload, metadata, tags);
    }

    /**
     * The same event with other metadata.
     *
     * @param other the metadata
     * @return the event with that metadata
     */
    public NewEvent withMetadata(EventMetadata other) {
        return new NewEvent(id, payload, other, tags);
    }

    /**
     * The same event with other tags.
     *
     * @param other the tags, without duplicates
     * @return the event with those tags
     */
    public NewEvent withTags(Tag... other) {
        return new NewEvent(id, payload, metadata, Set.of(other));
    }
}
