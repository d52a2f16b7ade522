package io.eventsourcing.core.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.snapshot.SnapshotType;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.node.ObjectNode;

class EventSerializationTest {

    private static final StreamId ORDER = StreamId.of("order", "42");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    enum Color {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "a green that people read";
            }
        }
    }

    sealed interface Payment {
        record Card(String number) implements Payment {}
    }

    record Line(String sku, int quantity) {}

    @EventType("everything")
    @SuppressWarnings("ArrayRecordComponent") // people will write them
    record Everything(
            String text,
            int integer,
            long big,
            double floating,
            boolean yes,
            char letter,
            BigDecimal exact,
            BigDecimal thousand,
            BigInteger huge,
            Color plain,
            Color withToString,
            UUID uuid,
            URI uri,
            Currency currency,
            ZoneId zone,
            Instant instant,
            LocalDate date,
            LocalTime time,
            LocalDateTime dateTime,
            OffsetDateTime offsetDateTime,
            YearMonth month,
            Duration duration,
            Period period,
            Optional<String> present,
            Optional<String> absent,
            OptionalInt number,
            byte[] bytes,
            List<Line> lines,
            Map<String, Integer> map,
            Map<Color, String> byColor,
            Payment.Card nested,
            String nothing) {}

    private static final Everything EVERYTHING = new Everything(
            "a\"\\/\n\u0001ä€\uD83D\uDE00",
            -1,
            Long.MAX_VALUE,
            0.1,
            true,
            'ß',
            new BigDecimal("12.500"),
            new BigDecimal("1E+3"),
            BigInteger.TWO.pow(100),
            Color.RED,
            Color.GREEN,
            UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"),
            URI.create("https://example.org/a?b=c"),
            Currency.getInstance("EUR"),
            ZoneId.of("Europe/Vienna"),
            Instant.parse("2026-01-01T12:00:00.123456789Z"),
            LocalDate.of(2026, 1, 31),
            LocalTime.of(9, 5),
            LocalDateTime.of(2026, 1, 31, 9, 5, 7),
            OffsetDateTime.parse("2026-01-31T09:05:00+02:00"),
            YearMonth.of(2026, 1),
            Duration.ofSeconds(90, 5),
            Period.ofMonths(14),
            Optional.of("here"),
            Optional.empty(),
            OptionalInt.of(7),
            new byte[] {0, 1, (byte) 0xFF},
            List.of(new Line("s-1", 2)),
            Map.of("k", 1),
            Map.of(Color.GREEN, "g"),
            new Payment.Card("4111"),
            null);

    /** Stored events are read for ever. If this test fails, the change must go, not the test. */
    private static final String EVERYTHING_AS_STORED = """
            {"text":"a\\"\\\\/\\n\\u0001ä€😀",\
            "integer":-1,\
            "big":9223372036854775807,\
            "floating":0.1,\
            "yes":true,\
            "letter":"ß",\
            "exact":12.500,\
            "thousand":1000,\
            "huge":1267650600228229401496703205376,\
            "plain":"RED",\
            "withToString":"GREEN",\
            "uuid":"01890a5d-ac96-774b-bcce-b302099a8057",\
            "uri":"https://example.org/a?b=c",\
            "currency":"EUR",\
            "zone":"Europe/Vienna",\
            "instant":"2026-01-01T12:00:00.123456789Z",\
            "date":"2026-01-31",\
            "time":"09:05:00",\
            "dateTime":"2026-01-31T09:05:07",\
            "offsetDateTime":"2026-01-31T09:05:00+02:00",\
            "month":"2026-01",\
            "duration":"PT1M30.000000005S",\
            "period":"P14M",\
            "present":"here",\
            "absent":null,\
            "number":7,\
            "bytes":"AAH/",\
            "lines":[{"sku":"s-1","quantity":2}],\
            "map":{"k":1},\
            "byColor":{"GREEN":"g"},\
            "nested":{"number":"4111"},\
            "nothing":null}\
            """;

    @EventType("placed")
    record Placed(String text, BigDecimal total) {}

    @EventType(value = "priced", schemaVersion = 2)
    record Priced(BigDecimal total) {}

    @EventType("floating")
    record Floating(double d, float f) {}

    @EventType("counted")
    record Counted(Map<String, Integer> counts) {}

    @SnapshotType(value = "order", schemaVersion = 3)
    record State(BigDecimal total) {}

    private final EventSerialization serialization =
            EventSerialization.of(Everything.class, Placed.class, Floating.class, Counted.class);

    @Test
    void storesExactlyThisJsonForEver() {
        assertThat(json(serialization, EVERYTHING)).isEqualTo(EVERYTHING_AS_STORED);
    }

    @Test
    void readsBackWhatItStored() {
        Everything back = (Everything) roundTrip(serialization, EVERYTHING);
        assertThat(back)
                .usingRecursiveComparison()
                .ignoringFields("exact", "thousand")
                .isEqualTo(EVERYTHING);
        assertThat(back.exact()).isEqualTo(new BigDecimal("12.500"));
        assertThat(back.thousand()).isEqualTo(new BigDecimal("1000"));
    }

    @Test
    void storesExactlyThisMetadataForEver() {
        EventMetadata full = EventMetadata.builder()
                .correlationId("co")
                .causationId("ca")
                .requestId("re")
                .actor("ac")
                .role("ro")
                .source("so")
                .occurredAt(NOON)
                .traceparent("tp")
                .attributes(Map.of(
                        "h", "8", "b", "2", "g", "7", "a", "1", "c", "\uD83D\uDE00", "f", "6", "d", "4", "e", "5"))
                .build();
        assertThat(metadata(full)).isEqualTo("""
                        {"correlationId":"co",\
                        "causationId":"ca",\
                        "requestId":"re",\
                        "actor":"ac",\
                        "role":"ro",\
                        "source":"so",\
                        "occurredAt":"2026-01-01T12:00:00Z",\
                        "traceparent":"tp",\
                        "attributes":{"a":"1","b":"2","c":"😀","d":"4","e":"5","f":"6","g":"7","h":"8"}}\
                        """);
        assertThat(metadata(EventMetadata.NONE)).isEqualTo("{}");
        assertThat(metadata(EventMetadata.builder().actor("").build())).isEqualTo("{\"actor\":\"\"}");
    }

    @Test
    void readsBackTheMetadataAndTagsThatItStored() {
        EventMetadata metadata = EventMetadata.builder()
                .actor("")
                .occurredAt(NOON)
                .attributes(Map.of("", "", "k", "\\u0000"))
                .build();
        NewEvent event = NewEvent.of(new Placed("x", BigDecimal.ONE))
                .withMetadata(metadata)
                .withTags(Tag.of("b", "2:3"), Tag.of("a", "1"));
        SerializedEvent stored = serialization.write(ORDER, event);
        assertThat(stored.tags()).containsExactly("a:1", "b:2:3");
        RecordedEvent read = serialization.read(stored(stored)).get(0);
        assertThat(read.metadata()).isEqualTo(metadata);
        assertThat(read.tags()).isEqualTo(event.tags());
        assertThat(read.payload()).isEqualTo(event.payload());
    }

    @Test
    void writesFloatingNumbersAsPlainDigits() {
        assertThat(json(serialization(Floating.class), new Floating(1.25E7, 3.4028235E38f)))
                .isEqualTo("{\"d\":12500000,\"f\":340282350000000000000000000000000000000}");
        assertThat(json(serialization(Floating.class), new Floating(-0.0, 1.0E-5f)))
                .isEqualTo("{\"d\":0.0,\"f\":0.000010}");
    }

    private static EventSerialization serialization(Class<?> eventClass) {
        return EventSerialization.of(eventClass);
    }

    @EventType("departed")
    record Departed(ZonedDateTime at) {}

    @Test
    void keepsTheZoneOfAZonedDateTime() {
        EventSerialization zoned = EventSerialization.of(Departed.class);
        Departed departed = new Departed(ZonedDateTime.of(2026, 10, 25, 2, 30, 0, 0, ZoneId.of("Europe/Vienna")));
        SerializedEvent stored = zoned.write(ORDER, NewEvent.of(departed));
        assertThat(stored.payload().json()).isEqualTo("{\"at\":\"2026-10-25T02:30:00+02:00[Europe/Vienna]\"}");
        assertThat(zoned.read(stored(stored)).get(0).payload()).isEqualTo(departed);
    }

    @Test
    void readsMetadataOfANewerNode() {
        SerializedEvent newer = new SerializedEvent(
                payload("placed", "{\"text\":\"x\",\"total\":1}"), "{\"actor\":\"a\",\"invented\":{}}", List.of());
        assertThat(serialization.read(stored(newer)).get(0).metadata().actor()).isEqualTo("a");
    }

    @Test
    void customizersAddButDoNotChangeWhatIsFrozen() {
        EventSerialization customized = EventSerialization.builder(EventTypes.of(Everything.class, Floating.class))
                .customizers(List.of(builder -> builder.enable(
                                DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
                                DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                        .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                        .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS, JsonWriteFeature.QUOTE_PROPERTY_NAMES)
                        .disable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                        .enable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
                        .disable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)))
                .build();
        assertThat(json(customized, EVERYTHING)).isEqualTo(EVERYTHING_AS_STORED);
        assertThat(json(customized, new Floating(Double.NaN, Float.NEGATIVE_INFINITY)))
                .isEqualTo("{\"d\":\"NaN\",\"f\":\"-Infinity\"}");
        assertThat(customized.read(stored(
                        new SerializedEvent(payload("floating", "{\"d\":1,\"f\":2,\"gone\":3}"), "{}", List.of()))))
                .extracting(RecordedEvent::payload)
                .containsExactly(new Floating(1, 2));

        assertThatExceptionOfType(EventNotReadableException.class)
                .isThrownBy(() -> customized.read(
                        stored(new SerializedEvent(payload("floating", "{\"d\":null,\"f\":2}"), "{}", List.of()))));

        EventSerialization withoutNulls = EventSerialization.builder(EventTypes.of(Placed.class))
                .customizers(List.of(builder -> builder.changeDefaultPropertyInclusion(
                        inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))))
                .build();
        assertThat(json(withoutNulls, new Placed("x", null))).isEqualTo("{\"text\":\"x\"}");
    }

    @Test
    void refusesNulButNotTextThatLooksLikeItsEscape() {
        assertThat(roundTrip(serialization, new Placed("\\u0000", null))).isEqualTo(new Placed("\\u0000", null));
        assertThatExceptionOfType(PayloadNotWritableException.class)
                .isThrownBy(() -> json(serialization, new Placed("x" + "\u0000", null)))
                .withMessage("The payload of type 'placed' version 1 (" + Placed.class.getName()
                        + ") for stream 'order-42' cannot be stored: it has a text with the character U+0000."
                        + " Nothing was written. Correct the value, or the class that holds it.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD800", "x\uDC00", "\uDC00\uD800", "\uD83D\uDE00\uD83D"})
    void refusesUnpairedSurrogates(String text) {
        assertThatExceptionOfType(PayloadNotWritableException.class)
                .isThrownBy(() -> json(serialization, new Placed(text, null)))
                .withMessageContaining("cannot be stored:");
    }

    @Test
    void refusesNumbersThatNoStoreKeeps() {
        BigDecimal longest = new BigDecimal(BigInteger.TEN.pow(16_382));
        assertThat(roundTrip(serialization, new Placed("", longest))).isEqualTo(new Placed("", longest));
        assertThatExceptionOfType(PayloadNotWritableException.class)
                .isThrownBy(() -> json(serialization, new Placed("", longest.multiply(BigDecimal.TEN))))
                .withMessageContaining("it has a number of more than 16383 digits");
        assertThatExceptionOfType(PayloadNotWritableException.class)
                .isThrownBy(() -> json(serialization, new Placed("", new BigDecimal("1E+1000000"))));
    }

    @Test
    void acceptsAPayloadOfExactlyTheLimit() {
        int bytes = json(serialization, new Placed("ä", null)).getBytes(UTF_8).length;
        assertThat(json(limited(bytes), new Placed("ä", null))).hasSize(bytes - 1);
        assertThatExceptionOfType(PayloadTooLargeException.class)
                .isThrownBy(() -> json(limited(bytes - 1), new Placed("ä", null)))
                .withMessageContaining("for stream 'order-42' has " + bytes + " bytes, at most " + (bytes - 1)
                        + " are accepted. Nothing was written.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limited(0))
                .withMessage("The largest payload cannot be 0 bytes. Give 1 or more.");
        assertThat(EventSerialization.DEFAULT_MAX_PAYLOAD_BYTES).isEqualTo(1024 * 1024);
    }

    @Test
    void limitsMetadataAsWell() {
        EventMetadata metadata = EventMetadata.builder().actor("x".repeat(100)).build();
        NewEvent event = NewEvent.of(new Placed("", null)).withMetadata(metadata);
        assertThatExceptionOfType(PayloadTooLargeException.class)
                .isThrownBy(() -> limited(111).write(ORDER, event))
                .withMessageStartingWith("The metadata of type 'placed' version 1 for stream 'order-42' has 112 bytes");
        assertThat(limited(112).write(ORDER, event).metadata()).hasSize(112);
    }

    @Test
    void limitsWhatIsStoredAndNotWhatWasEncoded() {
        EventSerialization encoding = EventSerialization.builder(EventTypes.of(Placed.class))
                .codecs(List.of(new Reversing()))
                .maxPayloadBytes(38)
                .build();
        assertThat(json(encoding, new Placed("abc", null))).hasSize(38);
        assertThatExceptionOfType(PayloadTooLargeException.class)
                .isThrownBy(() -> json(encoding, new Placed("abcd", null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1", "12.500", "1234567890.12345678901234567890", "0.000000000000000000001", "100"})
    void keepsEveryDigitAlsoThroughUpcasters(String number) {
        EventSerialization upcasting = EventSerialization.builder(EventTypes.of(Priced.class))
                .upcasters(List.of(Upcaster.next(new VersionedType("priced", 1), EventSerializationTest::renamed)))
                .customizers(List.of(builder -> builder.disable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .disable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .enable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)))
                .build();
        SerializedPayload old = new SerializedPayload(new VersionedType("priced", 1), "{\"sum\":" + number + "}", null);
        RecordedEvent read = upcasting
                .read(stored(new SerializedEvent(old, "{}", List.of())))
                .get(0);
        assertThat(read.payload()).isEqualTo(new Priced(new BigDecimal(number)));
        assertThat(read.type()).isEqualTo(new VersionedType("priced", 2));
    }

    @Test
    void tellsThePartsOfASplitEventApart() {
        EventSerialization splitting = EventSerialization.builder(EventTypes.of(Placed.class))
                .upcasters(List.of(
                        Upcaster.split(
                                new VersionedType("old", 1),
                                Set.of(new VersionedType("placed", 1)),
                                json -> List.of(
                                        new TypedPayload(new VersionedType("placed", 1), json),
                                        new TypedPayload(new VersionedType("placed", 1), json))),
                        Upcaster.drop(new VersionedType("gone", 1))))
                .build();
        assertThat(splitting.read(stored(new SerializedEvent(payload("old", "{}"), "{}", List.of()))))
                .extracting(RecordedEvent::part)
                .containsExactly(0, 1);
        assertThat(splitting.read(stored(new SerializedEvent(payload("gone", "{}"), "{}", List.of()))))
                .isEmpty();
    }

    @Test
    void namesTheEventThatItCannotRead() {
        String event = "event of type 'TYPE' version VERSION at version 3 of stream 'order-42' (position 9)";
        assertThatExceptionOfType(UnknownEventTypeException.class)
                .isThrownBy(() -> read("never-heard", 1, "{}"))
                .withMessageStartingWith(
                        "The " + event.replace("TYPE", "never-heard").replace("VERSION", "1"));
        assertThatExceptionOfType(UnknownEventTypeException.class)
                .isThrownBy(() -> read("placed", 2, "{}"))
                .withMessageStartingWith(
                        "The " + event.replace("TYPE", "placed").replace("VERSION", "2"))
                .withMessageContaining("is newer than the schema version 1");
        assertThatExceptionOfType(EventNotReadableException.class)
                .isThrownBy(() -> read("counted", 1, "{\"counts\":[]}"))
                .withMessageStartingWith(
                        "The " + event.replace("TYPE", "counted").replace("VERSION", "1"))
                .withMessageContaining("cannot be read: its JSON does not fit its class: ");
        assertThatExceptionOfType(EventNotReadableException.class)
                .isThrownBy(() -> read("floating", 1, "{\"d\":null,\"f\":1}"))
                .withMessageContaining("at $.d");
    }

    @Test
    void ignoresSnapshotsThatItCannotRead() {
        EventSerialization upcasting = EventSerialization.builder(EventTypes.of(Placed.class))
                .snapshotUpcasters(
                        List.of(Upcaster.next(new VersionedType("order", 2), EventSerializationTest::renamed)))
                .build();
        assertThat(upcasting.readableSchemaVersions(State.class)).containsExactly(2, 3);
        assertThat(state(upcasting, 3, "{\"total\":12.50}")).contains(new State(new BigDecimal("12.50")));
        assertThat(state(upcasting, 2, "{\"sum\":12.50}")).contains(new State(new BigDecimal("12.50")));
        assertThat(state(upcasting, 1, "{\"sum\":12.50}")).isEmpty();
        assertThat(state(upcasting, 4, "{\"total\":12.50}")).isEmpty();
        assertThat(state(upcasting, 3, "{\"total\":[]}")).isEmpty();
        assertThat(upcasting.writeState(ORDER, new State(BigDecimal.ONE)).type())
                .isEqualTo(new VersionedType("order", 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> upcasting.snapshotType(String.class))
                .withMessageContaining("it has no stable name. Nothing was read or written.");
    }

    @Test
    void findsTheCodecOfAPayloadByItsName() {
        EventSerialization encoding = EventSerialization.builder(EventTypes.of(Placed.class))
                .codecs(List.of(new Reversing()))
                .build();
        SerializedEvent encoded = encoding.write(ORDER, NewEvent.of(new Placed("x", null)));
        assertThat(encoded.payload().codec()).isEqualTo("reversing");
        assertThat(encoded.payload().json()).doesNotContain("text");
        assertThat(roundTrip(encoding, new Placed("x", null))).isEqualTo(new Placed("x", null));

        SerializedEvent fromBefore = serialization.write(ORDER, NewEvent.of(new Placed("x", null)));
        assertThat(encoding.read(stored(fromBefore)))
                .extracting(RecordedEvent::payload)
                .containsExactly(new Placed("x", null));
        assertThatExceptionOfType(EventNotReadableException.class)
                .isThrownBy(() -> serialization.read(stored(encoded)))
                .withMessageContaining("it was encoded by the payload codec 'reversing', but only [] are registered");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventSerialization.builder(EventTypes.of(Placed.class))
                        .codecs(List.of(new Reversing(), new Reversing()))
                        .build())
                .withMessageContaining("Two payload codecs have the name 'reversing'.");
    }

    private EventSerialization limited(int bytes) {
        return EventSerialization.builder(EventTypes.of(Placed.class))
                .maxPayloadBytes(bytes)
                .build();
    }

    private List<RecordedEvent> read(String type, int version, String json) {
        SerializedPayload payload = new SerializedPayload(new VersionedType(type, version), json, null);
        return serialization.read(stored(new SerializedEvent(payload, "{}", List.of())));
    }

    private static Optional<State> state(EventSerialization serialization, int version, String json) {
        SerializedPayload payload = new SerializedPayload(new VersionedType("order", version), json, null);
        return serialization
                .read(new StoredSnapshot(ORDER, StreamVersion.of(3), payload), State.class)
                .map(snapshot -> snapshot.state());
    }

    private static JsonNode renamed(JsonNode json) {
        ObjectNode object = (ObjectNode) json;
        object.set("total", object.remove("sum"));
        return object;
    }

    private static SerializedPayload payload(String type, String json) {
        return new SerializedPayload(new VersionedType(type, 1), json, null);
    }

    private static String json(EventSerialization serialization, Object payload) {
        return serialization.write(ORDER, NewEvent.of(payload)).payload().json();
    }

    private String metadata(EventMetadata metadata) {
        return serialization
                .write(ORDER, NewEvent.of(new Placed("", null)).withMetadata(metadata))
                .metadata();
    }

    private static Object roundTrip(EventSerialization serialization, Object payload) {
        return serialization
                .read(stored(serialization.write(ORDER, NewEvent.of(payload))))
                .get(0)
                .payload();
    }

    private static StoredEvent stored(SerializedEvent content) {
        return new StoredEvent(ORDER, StreamVersion.of(3), new GlobalPosition(9), EventId.next(), NOON, content);
    }

    private static final class Reversing implements PayloadCodec {

        @Override
        public String name() {
            return "reversing";
        }

        @Override
        public boolean appliesTo(PayloadContext context) {
            return context.stream().equals(ORDER) && context.type().name().equals("placed");
        }

        @Override
        public byte[] encode(PayloadContext context, byte[] plain) {
            return reversed(plain);
        }

        @Override
        public byte[] decode(PayloadContext context, byte[] encoded) {
            return reversed(encoded);
        }

        private static byte[] reversed(byte[] bytes) {
            byte[] reversed = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                reversed[i] = bytes[bytes.length - 1 - i];
            }
            return reversed;
        }
    }
}
