package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.serialization.EventNotReadableException;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.PayloadCodec;
import io.eventsourcing.core.serialization.PayloadContext;
import io.eventsourcing.core.serialization.PayloadNotWritableException;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.testkit.eventstore.ContractEvent.Counted;
import io.eventsourcing.testkit.eventstore.ContractEvent.Noted;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Payloads that a codec encodes: readable with it, not without it, and beside those that it leaves alone. */
abstract class CodecRules extends StoreRules {

    CodecRules(Function<EventSerialization, StoreUnderTest> opener) {
        super(opener);
    }

    private void openStoreWith(PayloadCodec... codecs) {
        reopen(ContractEvent.serializationBuilder().codecs(List.of(codecs)).build());
    }

    private void openStoreWithoutCodec() {
        reopen(ContractEvent.serialization());
    }

    @Test
    void decodesWhatItEncoded() {
        StreamId stream = newStream();
        openStoreWith(Cipher.forAll());

        append(stream, ExpectedVersion.any(), noted(1, 2));

        assertStreamHolds(stream, "1", "2");
    }

    @Test
    void cannotReadWithoutTheCodecAndNamesIt() {
        StreamId stream = newStream();
        openStoreWith(Cipher.forAll());
        append(stream, ExpectedVersion.any(), new Noted(Secret.TEXT));

        openStoreWithoutCodec();

        assertThatExceptionOfType(EventNotReadableException.class)
                .isThrownBy(() -> store.load(stream).toList())
                .withMessageContaining("at version 1 of stream " + stream)
                .withMessageContaining("'cipher'")
                .satisfies(Secret::isNotIn);
    }

    @Test
    void encodesOnlyTheTypesItAppliesTo() {
        StreamId stream = newStream();
        openStoreWith(new Cipher(context -> context.type().name().equals("contract-counted")));
        append(stream, ExpectedVersion.any(), new Noted("plain"));
        append(stream, ExpectedVersion.any(), new Counted(7));
        assertThat(store.load(stream).toList())
                .extracting(event -> event.payload())
                .containsExactly(new Noted("plain"), new Counted(7));

        openStoreWithoutCodec();

        assertThat(store.load(stream).iterator().next().payload()).isEqualTo(new Noted("plain"));
        assertIsEncoded(stream);
    }

    @Test
    void encodesOnlyTheTenantsItAppliesTo() {
        StreamId plain = newStream();
        StreamId encoded = plain.inTenant(TenantId.of("secretive"));
        openStoreWith(new Cipher(context -> context.stream().tenant().equals(encoded.tenant())));
        append(plain, ExpectedVersion.any(), noted(1, 1));
        append(encoded, ExpectedVersion.any(), noted(1, 1));
        assertStreamHolds(encoded, "1");

        openStoreWithoutCodec();

        assertStreamHolds(plain, "1");
        assertIsEncoded(encoded);
    }

    private void assertIsEncoded(StreamId stream) {
        assertThatExceptionOfType(EventNotReadableException.class)
                .isThrownBy(() -> store.load(stream).toList());
    }

    @Test
    void readsEventsFromBeforeTheCodec() {
        StreamId stream = newStreamOf(2);

        openStoreWith(Cipher.forAll());
        append(stream, ExpectedVersion.any(), noted(3, 3));

        assertStreamHolds(stream, "1", "2", "3");
    }

    @Test
    void encodesEachPayloadWithTheFirstCodecThatApplies() {
        StreamId stream = newStream();
        PayloadCodec unused = new FailingCodec("unused");
        openStoreWith(Cipher.forAll(), unused);

        append(stream, ExpectedVersion.any(), noted(1, 1));

        openStoreWith(unused, Cipher.forAll());
        assertStreamHolds(stream, "1");
    }

    @Test
    void writesNothingWhenTheCodecFails() {
        StreamId stream = newStreamOf(1);
        openStoreWith(new FailingCodec("broken"));

        assertThatExceptionOfType(PayloadNotWritableException.class)
                .isThrownBy(() -> append(stream, ExpectedVersion.any(), new Noted(Secret.TEXT)))
                .withMessageContaining("'broken'")
                .withMessageContaining("Nothing was written")
                .satisfies(Secret::isNotIn);

        assertStreamHolds(stream, "1");
    }

    @Test
    void cannotReadWhatTheCodecCannotDecode() {
        StreamId stream = newStream();
        openStoreWith(Cipher.forAll());
        append(stream, ExpectedVersion.any(), new Noted(Secret.TEXT));

        openStoreWith(new FailingCodec("cipher"));

        assertThatExceptionOfType(EventNotReadableException.class)
                .isThrownBy(() -> store.load(stream).toList())
                .withMessageContaining("'cipher'")
                .satisfies(Secret::isNotIn);
    }

    /** A codec whose key is lost. */
    private record FailingCodec(String name) implements PayloadCodec {

        @Override
        public boolean appliesTo(PayloadContext context) {
            return true;
        }

        @Override
        public byte[] encode(PayloadContext context, byte[] plain) {
            throw new IllegalStateException("The key is lost.");
        }

        @Override
        public byte[] decode(PayloadContext context, byte[] encoded) {
            throw new IllegalStateException("The key is lost.");
        }
    }
}
