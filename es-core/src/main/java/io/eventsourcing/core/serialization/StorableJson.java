package io.eventsourcing.core.serialization;

import org.jspecify.annotations.Nullable;

/**
 * Finds, in JSON that Jackson wrote, what PostgreSQL's jsonb cannot store: NUL and unpaired surrogates in a text, and
 * enormous numbers.
 */
final class StorableJson {

    /** jsonb keeps at most 16,383 digits after the decimal point (PostgreSQL manual, "Numeric Types"). */
    static final int MAX_DIGITS = 16_383;

    private StorableJson() {}

    /** What cannot be stored, for an error text; null if all can. One pass, no copy. */
    static @Nullable String problemIn(byte[] json) {
        boolean inText = false;
        int digits = 0;
        for (int i = 0; i < json.length; i++) {
            byte c = json[i];
            if (inText) {
                if (c == '\\') {
                    String problem = problemInEscape(json, i);
                    if (problem != null) {
                        return problem;
                    }
                    i += isEscapedPair(json, i) ? 11 : 1;
                } else if (c == '"') {
                    inText = false;
                }
            } else {
                inText = c == '"';
                digits = c >= '0' && c <= '9' ? digits + 1 : 0;
                if (digits > MAX_DIGITS) {
                    return "a number of more than " + MAX_DIGITS + " digits";
                }
            }
        }
        return null;
    }

    private static @Nullable String problemInEscape(byte[] json, int backslash) {
        int unit = escapedUnit(json, backslash);
        if (unit == 0) {
            return "a text with the character U+0000";
        }
        boolean surrogate = unit >= Character.MIN_SURROGATE && unit <= Character.MAX_SURROGATE;
        return surrogate && !isEscapedPair(json, backslash)
                ? "a text with the unpaired surrogate U+%04X".formatted(unit)
                : null;
    }

    private static boolean isEscapedPair(byte[] json, int backslash) {
        return Character.isHighSurrogate((char) escapedUnit(json, backslash))
                && Character.isLowSurrogate((char) escapedUnit(json, backslash + 6));
    }

    /** The UTF-16 code unit that is escaped as backslash, u and four digits at this place; -1 for anything else. */
    private static int escapedUnit(byte[] json, int backslash) {
        if (backslash + 5 >= json.length || json[backslash] != '\\' || json[backslash + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = backslash + 2; i <= backslash + 5; i++) {
            unit = 16 * unit + Character.digit(json[i], 16);
        }
        return unit;
    }
}
