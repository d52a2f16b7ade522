package io.eventsourcing.core.event;

import org.jspecify.annotations.Nullable;

/** Refuses the text that PostgreSQL's jsonb cannot hold, by name and before anything is written. */
final class StorableText {

    private StorableText() {}

    static void check(String what, @Nullable String value) {
        if (value == null) {
            return;
        }
        for (int i = 0; i < value.length(); ) {
            int codePoint = value.codePointAt(i);
            if (codePoint == 0 || Character.getType(codePoint) == Character.SURROGATE) {
                throw new IllegalArgumentException(
                        "The %s in the metadata contains %s U+%04X at index %d, which cannot be stored. Remove it."
                                .formatted(what, codePoint == 0 ? "NUL" : "the unpaired surrogate", codePoint, i));
            }
            i += Character.charCount(codePoint);
        }
    }
}
