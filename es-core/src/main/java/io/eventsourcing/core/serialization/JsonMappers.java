package io.eventsourcing.core.serialization;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Builds the two frozen mappers. What is set here decides what is stored for ever, so it is set explicitly, after the
 * user's customizers, even where it is Jackson's default today.
 */
final class JsonMappers {

    private JsonMappers() {}

    static JsonMapper forPayloads(List<JsonMapperCustomizer> customizers) {
        JsonMapper.Builder builder = JsonMapper.builder(withoutLowerLimitsThanTheStore());
        customizers.forEach(customizer -> customizer.customize(builder));
        return builder
                // plain digits, because jsonb turns 1E+2 into 100: all stores shall give back the same number
                .addModule(PlainDigitsSerializer.module())
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                // text as it is, so that people can read what is stored
                .disable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .disable(
                        DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
                        DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS,
                        DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                // otherwise a ZonedDateTime loses its zone
                .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                // toString() is for people and changes; names are for programs
                .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
                // NaN as bare word is no JSON
                .enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS, JsonWriteFeature.QUOTE_PROPERTY_NAMES)
                // old events have properties that a newer class dropped
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                // exact also through the tree that upcasters see
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    /** Reads whatever was accepted for writing: Jackson's own limits are lower, and found when it is too late. */
    private static JsonFactory withoutLowerLimitsThanTheStore() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNumberLength(2 * StorableJson.MAX_DIGITS + 2)
                        .maxNameLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    static JsonMapper forMetadata() {
        return JsonMapper.builder(withoutLowerLimitsThanTheStore())
                .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
                // no attributes are not written, and read as an empty map
                .withConfigOverride(
                        Map.class,
                        attributes -> attributes
                                .setInclude(JsonInclude.Value.construct(
                                        JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
                                .setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                // a newer node of a rolling deployment may know more metadata
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }
}
