package io.eventsourcing.core.event;

import io.eventsourcing.core.IdentifierRules;

/**
 * A fact about an event by which it can be found across streams, such as {@code course:c-1}. Tags are set when the event
 * is appended and never change. They are stored readable, also where the payload is encrypted: put no secret into a tag.
 *
 * @param key what the tag is about; 1 to 64 characters, without ':'
 * @param value 1 to 255 characters
 */
public record Tag(String key, String value) {

    /** The longest key, in UTF-16 code units. */
    public static final int MAX_KEY_LENGTH = 64;

    /** The longest value, in UTF-16 code units. */
    public static final int MAX_VALUE_LENGTH = 255;

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if a part may not be an identifier
     */
    public Tag {
        IdentifierRules.check("tag key", key, MAX_KEY_LENGTH, ':');
        IdentifierRules.check("tag value", value, MAX_VALUE_LENGTH);
    }

    /**
     * The tag with this key and value.
     *
     * @param key what the tag is about
     * @param value its value
     * @return the tag
     */
    public static Tag of(String key, String value) {
        return new Tag(key, value);
    }

    /**
     * Reads the form that {@link #toString()} writes: the key ends at the first ':'.
     *
     * @param text {@code key:value}
     * @return the tag
     * @throws IllegalArgumentException if the text has no ':' or a part may not be an identifier
     */
    public static Tag parse(String text) {
        IdentifierRules.check("tag", text, MAX_KEY_LENGTH + 1 + MAX_VALUE_LENGTH);
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("The tag '" + text + "' has no ':'. Write it as 'key:value'.");
        }
        return new Tag(text.substring(0, colon), text.substring(colon + 1));
    }

    @Override
    public String toString() {
        return key + ":" + value;
    }
}
