package io.eventsourcing.core.event;

import io.eventsourcing.core.IdentifierRules;

/**
 * What a stored payload is: a stable name and the version of the payload's shape.
 *
 * @param name the stable name; 1 to 128 characters
 * @param schemaVersion 1 or more
 */
public record VersionedType(String name, int schemaVersion) {

    /** The longest name, in UTF-16 code units. */
    public static final int MAX_NAME_LENGTH = 128;

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if the name may not be an identifier or the version is below 1
     */
    public VersionedType {
        IdentifierRules.check("type name", name, MAX_NAME_LENGTH);
        if (schemaVersion < 1) {
            throw new IllegalArgumentException(
                    "The schema version of type '" + name + "' is " + schemaVersion + ". Schema versions start at 1.");
        }
    }

    /**
     * The same type at another schema version.
     *
     * @param version 1 or more
     * @return the other version
     */
    public VersionedType at(int version) {
        return new VersionedType(name, version);
    }

    /** The type as error texts name it: {@code 'order-placed' version 2}. */
    @Override
    public String toString() {
        return "'" + name + "' version " + schemaVersion;
    }
}
