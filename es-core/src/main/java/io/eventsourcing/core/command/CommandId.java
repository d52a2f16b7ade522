package io.eventsourcing.core.command;

import io.eventsourcing.core.event.EventId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;

/**
 * The identity of a command within its tenant, chosen by whoever sends it. The same id sent again is the same command: it is not
 * handled twice, and has the first result.
 *
 * @param value the UUID
 */
public record CommandId(UUID value) {

    /** Checks that there is a value. */
    public CommandId {
        Objects.requireNonNull(value, "The UUID of a command id is null. Use CommandId.next() for a new one.");
    }

    /**
     * A new id, which rises with time; see {@link EventId#next()}. Thread-safe.
     *
     * @return an id that no other call returns
     */
    public static CommandId next() {
        return new CommandId(EventId.next().value());
    }

    /**
     * The id with this text.
     *
     * @param uuid a UUID in its usual form
     * @return the id
     * @throws IllegalArgumentException if the text is no UUID
     */
    public static CommandId of(String uuid) {
        return new CommandId(EventId.of(uuid).value());
    }

    /**
     * The id that a name always has, such as a key of a client that may repeat its request: a UUID of version 8 (RFC 9562, section
     * 5.8) from the SHA-256 of the name's parts.
     *
     * @param parts what identifies the command together; their order counts
     * @return the same id for the same parts
     */
    public static CommandId named(String... parts) {
        MessageDigest digest = sha256();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII)); // or "a", "b" would be "ab"
            digest.update(bytes);
        }
        String hex = HexFormat.of().formatHex(digest.digest());
        long mostSignificant = (Long.parseUnsignedLong(hex.substring(0, 16), 16) & ~0xF000L) | 0x8000L;
        long leastSignificant =
                (Long.parseUnsignedLong(hex.substring(16, 32), 16) & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new CommandId(new UUID(mostSignificant, leastSignificant));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256.", e);
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
