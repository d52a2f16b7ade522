package io.eventsourcing.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifierRulesTest {

    private static final int MAX = 50;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "order-42",
                "O'Brien \"the\" `third`; DROP TABLE event; --",
                "two words",
                "ends\u00a0not here",
                "日本語",
                "e\u0301", // a letter and a combining accent: not normalized
                "\uD83D\uDE00",
                "\uD83D\uDC69\u200D\uD83D\uDC69\u200D\uD83D\uDC67", // a family: three emoji joined by ZWJ
                "שלום",
                "%_\\$1:"
            })
    void returnsExactlyWhatItAccepts(String text) {
        assertThat(IdentifierRules.check("stream id", text, MAX)).isSameAs(text);
    }

    @Test
    void refusesNull() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IdentifierRules.check("stream id", null, MAX))
                .withMessage("The stream id is null. Give a text of 1 to 50 characters.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n", "\u3000"})
    void refusesBlankText(String text) {
        assertThat(refusal(text)).isEqualTo("The stream id is blank. Give a text of 1 to 50 characters.");
    }

    @Test
    void acceptsTheLongestTextAndRefusesOneMore() {
        assertThat(IdentifierRules.check("stream id", "x".repeat(MAX), MAX)).hasSize(MAX);
        assertThat(refusal("x".repeat(MAX + 1)))
                .isEqualTo("The stream id has 51 characters, at most 50 are accepted. It starts with '" + "x".repeat(20)
                        + "'.");
    }

    @Test
    void countsCodeUnits() {
        String twentyFiveEmoji = "\uD83D\uDE00".repeat(25);
        assertThat(IdentifierRules.check("stream id", twentyFiveEmoji, MAX)).isEqualTo(twentyFiveEmoji);
        assertThat(refusal(twentyFiveEmoji + "x")).startsWith("The stream id has 51 characters");
    }

    @ParameterizedTest
    @MethodSource("refusedCodePoints")
    void namesAndNeverEchoesTheCharacterThatItRefuses(int codePoint, String name) {
        String refused = new String(Character.toChars(codePoint));

        String message = refusal("ab" + refused + "c");

        assertThat(message)
                .isEqualTo("The stream id contains %s U+%04X at index 2.".formatted(name, codePoint)
                        + " Remove it: such a character is invisible or cannot be stored.");
        assertThat(refusal(refused + "x".repeat(MAX))).doesNotContain(refused).contains("starts with '?xxx");
    }

    static Stream<Object[]> refusedCodePoints() {
        return Stream.of(
                        named(
                                "the control character",
                                IntStream.concat(IntStream.range(0, 0x20), IntStream.range(0x7F, 0xA0))),
                        named("the line separator", IntStream.of(0x2028, 0x2029)),
                        named(
                                "the invisible character",
                                IntStream.of(
                                        0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067,
                                        0x2068, 0x2069, 0x00AD, 0x200B, 0x2060, 0xFEFF)),
                        named("the unpaired surrogate", IntStream.of(0xD800, 0xDBFF, 0xDC00, 0xDFFF)))
                .flatMap(cases -> cases);
    }

    private static Stream<Object[]> named(String name, IntStream codePoints) {
        return codePoints.mapToObj(codePoint -> new Object[] {codePoint, name});
    }

    @ParameterizedTest
    @ValueSource(strings = {" a", "a ", "\u00a0a", "a\u00a0", "\u3000a", "a\u3000", "a\u2003", "\u202fa"})
    void refusesWhiteSpaceAtEitherEnd(String text) {
        assertThat(refusal(text))
                .isEqualTo("The stream id '" + text
                        + "' starts or ends with white space. Remove it: identifiers are compared exactly.");
    }

    @Test
    void refusesASeparatorOnlyWhereItWouldBeAmbiguous() {
        assertThat(IdentifierRules.check("stream id", "a:b", MAX)).isEqualTo("a:b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IdentifierRules.check("tenant id", "a:b", MAX, ':'))
                .withMessage("The tenant id 'a:b' contains ':', which separates it from the identifiers that follow it."
                        + " Choose another character.");
    }

    @Property(tries = 5_000)
    void eitherKeepsATextOrRefusesItWithoutEchoingWhatCannotBeSeen(@ForAll String text) {
        try {
            assertThat(IdentifierRules.check("stream id", text, MAX)).isSameAs(text);
            assertThat(text.codePoints()).noneMatch(IdentifierRulesTest::isUnsafe);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage().codePoints()).noneMatch(IdentifierRulesTest::isUnsafe);
            assertThat(e.getMessage()).startsWith("The stream id ").hasSizeLessThan(200);
        }
    }

    /** Written apart from the code under test, from Unicode's own properties. */
    private static boolean isUnsafe(int codePoint) {
        byte direction = Character.getDirectionality(codePoint);
        return Character.isISOControl(codePoint)
                || (codePoint >= 0xD800 && codePoint <= 0xDFFF)
                || codePoint == 0x2028
                || codePoint == 0x2029
                || codePoint == 0x200E
                || codePoint == 0x200F
                || codePoint == 0x061C
                || (direction >= Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING
                        && direction <= Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT)
                || (direction >= Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE
                        && direction <= Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE);
    }

    private static String refusal(String text) {
        return catchThrowableOfType(IllegalArgumentException.class, () -> IdentifierRules.check("stream id", text, MAX))
                .getMessage();
    }
}
