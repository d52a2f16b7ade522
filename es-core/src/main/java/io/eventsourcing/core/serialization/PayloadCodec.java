package io.eventsourcing.core.serialization;

/**
 * Changes the bytes of a payload before they are stored and back when they are read, such as for encryption. Applies to
 * events and snapshots, not to metadata and tags, which stay readable.
 *
 * <p>The codec's name is stored beside each payload that it encoded, so that payloads from before the codec was introduced,
 * and those of other codecs, stay readable. Must be thread-safe. What it throws refuses the append, or the read.
 */
public interface PayloadCodec {

    /**
     * The stable name under which a stored payload finds its codec again.
     *
     * @return 1 to 64 characters
     */
    String name();

    /**
     * Decides, for a payload about to be stored, whether this codec encodes it. The first codec that applies is used.
     *
     * @param context whose payload it is, and what it is
     * @return true to encode it
     */
    boolean appliesTo(PayloadContext context);

    /**
     * Encodes a payload.
     *
     * @param context whose payload it is, and what it is
     * @param plain JSON in UTF-8
     * @return any bytes
     */
    byte[] encode(PayloadContext context, byte[] plain);

    /**
     * Decodes what {@link #encode} made.
     *
     * @param context the same as when it was encoded
     * @param encoded the stored bytes
     * @return JSON in UTF-8
     */
    byte[] decode(PayloadContext context, byte[] encoded);
}
