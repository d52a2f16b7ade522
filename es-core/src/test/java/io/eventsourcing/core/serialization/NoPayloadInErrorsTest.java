package io.eventsourcing.core.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eventsourcing.core.EventSourcingException;
import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes everything fail that can, with a secret in the payload, and looks for the secret in the whole stack trace. */
class NoPayloadInErrorsTest {

    private static final String SECRET = "s3cr3t";
    private static final StreamId ORDER = StreamId.of("order", "42");

    @EventType(value = "held", schemaVersion = 2)
    record Held(Map<String, Integer> counts, Refusing refusing, Level level, Instant at) {}

    enum Level {
        LOW
    }

    record Refusing(String text) {
        Refusing {
            if (text.contains(SECRET)) {
                throw new IllegalArgumentException("refused: " + text, new IllegalStateException(text));
            }
        }
    }

    @EventType("broken")
    record Broken(String text, Map<String, Object> map) {}

    /** Fails as it is written, and tells what it holds. */
    @SuppressWarnings("DoNotCallSuggester") // Jackson calls it
    static final class Telling {
        public String getText() {
            throw new IllegalStateException(SECRET, new IllegalStateException(SECRET));
        }
    }

    @Test
    void whenTheJsonDoesNotFitTheClass() {
        for (String json : List.of(
                "{\"counts\":{\"s3cr3t\":\"s3cr3t\"}}",
                "{\"counts\":{\"s3cr3t\":null, \"s3cr3t2\":[]}}",
                "{\"counts\":\"s3cr3t\"}",
                "{\"refusing\":{\"text\":\"s3cr3t\"}}",
                "{\"level\":\"s3cr3t\"}",
                "{\"at\":\"s3cr3t\"}",
                "{\"at\":\"s3cr3t\",",
                "\"s3cr3t\"",
                "s3cr3t")) {
            keepsTheSecret(() -> read(tree -> tree, 2, json));
            keepsTheSecret(() -> read(tree -> tree, 1, json));
        }
    }

    @Test
    void whenAnUpcasterFails() {
        String json = "{\"n\":\"s3cr3t\"}";
        keepsTheSecret(() -> read(tree -> tree.get("missing").get("n"), 1, json));
        keepsTheSecret(() -> read(tree -> tree.required("s3cr3t"), 1, json));
        keepsTheSecret(() -> read(tree -> intNode(tree.get("n").asInt()), 1, json));
        keepsTheSecret(() -> read(tree -> intNode(Integer.parseInt(tree.get("n").asString())), 1, json));
        keepsTheSecret(() -> read(
                tree -> {
                    throw new IllegalStateException(tree.toString(), new IllegalStateException(tree.toString()));
                },
                1,
                json));
    }

    @Test
    void whenThePayloadCannotBeWritten() {
        keepsTheSecret(() -> write(new Broken(SECRET + "\u0000", Map.of())));
        keepsTheSecret(() -> write(new Broken(SECRET + "\uD800", Map.of())));
        keepsTheSecret(() -> write(new Broken(SECRET, Map.of(SECRET, new Telling()))));
        keepsTheSecret(() -> write(new Broken(SECRET, Map.of(SECRET, List.of(new Telling())))));
        keepsTheSecret(() -> write(new Broken(SECRET.repeat(200_000), Map.of())));
    }

    @Test
    void whenACodecFails() {
        keepsTheSecret(() -> serialization(json -> json, new TellingCodec()).write(ORDER, event(SECRET)));
        SerializedPayload encoded = new SerializedPayload(new VersionedType("held", 2), "\"czNjcjN0\"", "telling");
        keepsTheSecret(() -> serialization(json -> json, new TellingCodec()).read(stored(encoded)));
    }

    @Test
    void butTheClassAndPlaceOfWhatFailedAreKept() {
        Throwable error = catchThrowable(() ->
                read(tree -> intNode(Integer.parseInt(tree.get("n").asString())), 1, "{\"n\":\"s3cr3t\"}"));
        assertThat(error).hasMessageContaining("an upcaster failed with java.lang.NumberFormatException");
        assertThat(text(error))
                .contains("at java.base/java.lang.Integer.parseInt")
                .contains("NoPayloadInErrorsTest");
    }

    private static void keepsTheSecret(ThrowingCallable call) {
        Throwable error = catchThrowable(call);
        assertThat(error).isInstanceOf(EventSourcingException.class).hasMessageContaining("'order-42'");
        assertThat(text(error)).doesNotContain(SECRET);
    }

    private static String text(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static JsonNode intNode(int value) {
        return JsonNodeFactory.instance.numberNode(value);
    }

    private static NewEvent event(String text) {
        return NewEvent.of(new Broken(text, Map.of()));
    }

    private static void write(Broken payload) {
        serialization(json -> json).write(ORDER, NewEvent.of(payload));
    }

    private static void read(UnaryOperator<JsonNode> upcaster, int version, String json) {
        serialization(upcaster).read(stored(new SerializedPayload(new VersionedType("held", version), json, null)));
    }

    private static EventSerialization serialization(UnaryOperator<JsonNode> upcaster, PayloadCodec... codecs) {
        return EventSerialization.builder(EventTypes.of(Held.class, Broken.class))
                .upcasters(List.of(Upcaster.next(new VersionedType("held", 1), upcaster)))
                .codecs(List.of(codecs))
                .build();
    }

    private static StoredEvent stored(SerializedPayload payload) {
        return new StoredEvent(
                ORDER,
                StreamVersion.FIRST,
                new GlobalPosition(1),
                EventId.next(),
                Instant.EPOCH,
                new SerializedEvent(payload, "{}", List.of()));
    }

    private static final class TellingCodec implements PayloadCodec {

        @Override
        public String name() {
            return "telling";
        }

        @Override
        public boolean appliesTo(PayloadContext context) {
            return true;
        }

        @Override
        public byte[] encode(PayloadContext context, byte[] plain) {
            throw new IllegalStateException(SECRET, new IllegalStateException(SECRET));
        }

        @Override
        public byte[] decode(PayloadContext context, byte[] encoded) {
            throw new IllegalStateException(SECRET, new IllegalStateException(SECRET));
        }
    }
}
