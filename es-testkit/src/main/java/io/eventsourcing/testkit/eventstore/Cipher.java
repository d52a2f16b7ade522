package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.serialization.PayloadCodec;
import io.eventsourcing.core.serialization.PayloadContext;
import java.util.function.Predicate;

/** Stands for encryption: turns JSON into bytes that are no text, with a key that depends on stream and type. */
final class Cipher implements PayloadCodec {

    private final Predicate<PayloadContext> appliesTo;

    Cipher(Predicate<PayloadContext> appliesTo) {
        this.appliesTo = appliesTo;
    }

    static Cipher forAll() {
        return new Cipher(context -> true);
    }

    @Override
    public String name() {
        return "cipher";
    }

    @Override
    public boolean appliesTo(PayloadContext context) {
        return appliesTo.test(context);
    }

    @Override
    public byte[] encode(PayloadContext context, byte[] plain) {
        int key = context.hashCode();
        byte[] encoded = new byte[plain.length];
        for (int i = 0; i < plain.length; i++) {
            encoded[i] = (byte) (plain[i] ^ 0x80 ^ ((key >> (i % 4 * 8)) & 0x7F));
        }
        return encoded;
    }

    @Override
    public byte[] decode(PayloadContext context, byte[] encoded) {
        return encode(context, encoded);
    }
}
