package io.eventsourcing.core;

import org.jspecify.annotations.Nullable;

/**
 * The one place that decides which text may be an identifier: a tenant, a stream's type or id, a tag, the name of an
 * event type.
 *
 * <p>Accepted text is stored and compared exactly, code point by code point: case matters, and nothing is trimmed or
 * normalized. Refused is what cannot be told from other text by eye or cannot be stored everywhere: blank text, white
 * space at either end, control characters (NUL included), line and paragraph separators,
 * invisible characters such as bidirectional marks and zero-width spaces, and unpaired surrogates. Quotes, emoji and letters of any script are accepted.
 *
 * <p>Stateless and thread-safe.
 */
public final class IdentifierRules {

    private IdentifierRules() {}

    /**
     * Returns {@code value} unchanged if it may be an identifier.
     *
     * @param what the identifier's name for the error text, such as "stream id"
     * @param value the text to check
     * @param maxLength the longest text accepted, in UTF-16 code units
     * @return {@code value}
     * @throws IllegalArgumentException naming the identifier, the first offending character and its place
     */
    public static String check(String what, @Nullable String value, int maxLength) {
        if (value == null) {
            throw new IllegalArgumentException(
                    "The " + what + " is null. Give a text of 1 to " + maxLength + " characters.");
        }
        if (value.isBlank()) {
            throw new IllegalArgumentException(
                    "The " + what + " is blank. Give a text of 1 to " + maxLength + " characters.");
        }
        if (value.length() > maxLength) {
            throw new IllegalArgumentException("The " + what + " has " + value.length() + " characters, at most "
                    + maxLength + " are accepted. It starts with '" + start(value) + "'.");
        }
        rejectUnstorable(what, value);
        if (isSpace(value.codePointAt(0)) || isSpace(value.codePointBefore(value.length()))) {
            throw new IllegalArgumentException("The " + what + " '" + value
                    + "' starts or ends with white space. Remove it: identifiers are compared exactly.");
        }
        return value;
    }

    /**
     * Returns {@code value} unchanged if it may be an identifier and does not contain {@code separator}.
     *
     * @param what the identifier's name for the error text
     * @param value the text to check
     * @param maxLength the longest text accepted, in UTF-16 code units
     * @param separator a character that joins this identifier to others, and so must not be part of it
     * @return {@code value}
     * @throws IllegalArgumentException naming the identifier and what is wrong with it
     */
    public static String check(String what, @Nullable String value, int maxLength, char separator) {
        String checked = check(what, value, maxLength);
        if (checked.indexOf(separator) >= 0) {
            throw new IllegalArgumentException("The " + what + " '" + checked + "' contains '" + separator
                    + "', which separates it from the identifiers that follow it. Choose another character.");
        }
        return checked;
    }

    private static void rejectUnstorable(String what, String value) {
        for (int i = 0; i < value.length(); ) {
            int codePoint = value.codePointAt(i);
            String problem = problemWith(codePoint);
            if (problem != null) {
                throw new IllegalArgumentException(
                        "The %s contains %s U+%04X at index %d. Remove it: such a character is invisible or cannot be stored."
                                .formatted(what, problem, codePoint, i));
            }
            i += Character.charCount(codePoint);
        }
    }

    private static @Nullable String problemWith(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL -> "the control character";
            case Character.SURROGATE -> "the unpaired surrogate";
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> "the line separator";
            case Character.FORMAT -> isPartOfVisibleText(codePoint) ? null : "the invisible character";
            default -> null;
        };
    }

    /** The joiners, without which some scripts and emoji look different, and the tags that end an emoji of a flag. */
    private static boolean isPartOfVisibleText(int codePoint) {
        return codePoint == 0x200C || codePoint == 0x200D || (codePoint >= 0xE0020 && codePoint <= 0xE007F);
    }

    private static boolean isSpace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
    }

    private static String start(String value) {
        return value.codePoints()
                .limit(20)
                .map(c -> problemWith(c) == null ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
