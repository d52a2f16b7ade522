package io.eventsourcing.core.serialization;

import java.math.BigDecimal;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes a double or float as the plain digits of its shortest decimal form: 12500000, not 1.25E7. jsonb would turn the one into
 * the other, and an upcaster or an untyped property would then see another number in the database than in memory. Negative
 * zero, which jsonb does not know, becomes zero.
 */
final class PlainDigitsSerializer extends StdSerializer<Number> {

    private PlainDigitsSerializer() {
        super(Number.class);
    }

    static SimpleModule module() {
        PlainDigitsSerializer plain = new PlainDigitsSerializer();
        return new SimpleModule("plain-digits")
                .addSerializer(Double.class, plain)
                .addSerializer(double.class, plain)
                .addSerializer(Float.class, plain)
                .addSerializer(float.class, plain);
    }

    @Override
    public void serialize(Number value, JsonGenerator json, SerializationContext context) {
        if (Double.isFinite(value.doubleValue())) {
            json.writeNumber(new BigDecimal(value.toString()));
        } else {
            json.writeNumber(value.doubleValue());
        }
    }
}
