package io.eventsourcing.core.event;

import java.security.SecureRandom;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The identity of an event within its tenant, chosen by whoever appends it. Appending the same ids again is a retry: it is
 * acknowledged and writes nothing.
 *
 * @param value the UUID
 */
public record EventId(UUID value) {

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final Pattern USUAL_FORM = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    /** Checks that there is a value. */
    public EventId {
        Objects.requireNonNull(value, "The UUID of an event id is null. Use EventId.next() for a new one.");
    }

    /**
     * A new id: a UUID of version 7 (RFC 9562, section 5.7), 48 bits of Unix time in milliseconds followed by 74 random
     * bits, because ids that rise with time keep the index on them small and warm. Thread-safe.
     *
     * @return an id that no other call returns
     */
    public static EventId next() {
        long randomA = RANDOM.nextLong();
        long randomB = RANDOM.nextLong();
        long mostSignificant = (System.currentTimeMillis() << 16) | 0x7000L | (randomA & 0x0FFFL);
        long leastSignificant = 0x8000000000000000L | (randomB & 0x3FFFFFFFFFFFFFFFL);
        return new EventId(new UUID(mostSignificant, leastSignificant));
    }

    /**
     * The id with this text.
     *
     * @param uuid a UUID in its usual form
     * @return the id
     * @throws IllegalArgumentException if the text is no UUID
     */
    public static EventId of(String uuid) {
        if (!USUAL_FORM.matcher(uuid).matches()) {
            throw new IllegalArgumentException(
                    "An event id is a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057, but another text of "
                            + uuid.length() + " characters was given.");
        }
        return new EventId(UUID.fromString(uuid));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
