package io.eventsourcing.core;

/** Errors in a few words, as every store can keep them. Stateless and thread-safe. */
public final class ErrorText {

    /** The longest text, in UTF-16 code units. */
    public static final int MAX_LENGTH = 2_000;

    private ErrorText() {}

    /**
     * The class and message of an error, without control characters and what cannot be stored.
     *
     * @param error the error
     * @return the text, cut at {@link #MAX_LENGTH}
     */
    public static String of(Throwable error) {
        return storable(textOf(error));
    }

    /**
     * A text without control characters and what cannot be stored.
     *
     * @param text the text
     * @return the text, cut at {@link #MAX_LENGTH}
     */
    public static String storable(String text) {
        StringBuilder storable = new StringBuilder();
        text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? ' ' : c)
                .limit(MAX_LENGTH / 2)
                .forEach(storable::appendCodePoint);
        return storable.toString();
    }

    private static String textOf(Throwable error) {
        String name = error.getClass().getName();
        try {
            String text = error.toString();
            return text == null ? name : text;
        } catch (RuntimeException | LinkageError | StackOverflowError e) { // made when it is asked for, and cannot be
            return name;
        }
    }
}
