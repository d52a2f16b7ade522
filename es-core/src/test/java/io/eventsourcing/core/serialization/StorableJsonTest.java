package io.eventsourcing.core.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class StorableJsonTest {

    private static final String NUL = "a text with the character U+0000";
    private static final JsonMapper MAPPER = JsonMappers.forPayloads(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {"\"\\u0000\"", "{\"\\u0000\":1}", "[\"a\\\\\\u0000\"]", "\"\\\"\\u0000\"", "\"\\\\\\\\\\u0000x\""
            })
    void findsNulInTextsAndNames(String json) {
        assertThat(problem(json)).isEqualTo(NUL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\\\u0000\"",
                "\"\\\\\\\\u0000\"",
                "\"\\u0001\"",
                "\"u0000\"",
                "\"\\u00000000\\\\\"",
                "[]",
                "\"\"",
                "\"\\u000\""
            })
    void isNotFooledByTextThatLooksLikeIt(String json) {
        assertThat(problem(json)).isEqualTo(json.contains("\\u00000") ? NUL : null);
    }

    @Test
    void findsUnpairedSurrogatesThatAreEscaped() {
        assertThat(problem("\"\\ud83d\\ude00\"")).isNull();
        assertThat(problem("\"\\uD83D\\uDE00\\u0000\"")).isEqualTo(NUL);
        assertThat(problem("\"\\\\ud83d\"")).isNull();
        for (String unpaired : List.of("\\ud83d", "\\ud83dx\\ude00", "\\ud83d\\ud83d\\ude00", "\\ud83d\\\\ude00")) {
            assertThat(problem('"' + unpaired + '"')).isEqualTo("a text with the unpaired surrogate U+D83D");
        }
        assertThat(problem("[\"\\ude00\\ud83d\"]")).isEqualTo("a text with the unpaired surrogate U+DE00");
    }

    @Test
    void allowsTheLongestNumberAndNoDigitMore() {
        String longest = "9".repeat(16_383);
        assertThat(problem("[" + longest + "," + longest + "]")).isNull();
        assertThat(problem("-" + longest + "." + longest)).isNull();
        assertThat(problem("[1," + longest + "9]")).isEqualTo("a number of more than 16383 digits");
        assertThat(problem("0." + longest + "9")).isEqualTo("a number of more than 16383 digits");
        assertThat(problem("\"" + longest + "9\"")).isNull();
    }

    @Property(tries = 3_000)
    void findsNulExactlyWhereAValueHasOne(@ForAll("documents") Object document) {
        assertThat(problem(new String(MAPPER.writeValueAsBytes(document), UTF_8)))
                .isEqualTo(hasNul(document) ? NUL : null);
    }

    @Provide
    Arbitrary<Object> documents() {
        Arbitrary<String> texts = Arbitraries.strings()
                .withChars('\u0000', '\u0001', '\\', '"', 'u', '0', '/', 'x', '\u00e4', '\u20ac')
                .ofMaxLength(12);
        Arbitrary<Object> leaves = Arbitraries.oneOf(
                texts.map(text -> text),
                Arbitraries.bigDecimals().map(number -> number),
                Arbitraries.of(true, false),
                Arbitraries.of(BigInteger.TEN.pow(1_000), BigDecimal.ONE.movePointLeft(900)));
        return Arbitraries.recursive(
                () -> leaves,
                inner -> Arbitraries.oneOf(
                        inner,
                        inner.list().ofMaxSize(4).map(list -> list),
                        Arbitraries.maps(texts, inner).ofMaxSize(4).map(LinkedHashMap::new)),
                0,
                3);
    }

    private static boolean hasNul(Object document) {
        if (document instanceof String text) {
            return text.indexOf('\u0000') >= 0;
        }
        if (document instanceof List<?> list) {
            return list.stream().anyMatch(StorableJsonTest::hasNul);
        }
        return document instanceof Map<?, ?> map
                && map.entrySet().stream().anyMatch(e -> hasNul(e.getKey()) || hasNul(e.getValue()));
    }

    private static String problem(String json) {
        return StorableJson.problemIn(json.getBytes(UTF_8));
    }
}
