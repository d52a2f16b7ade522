package io.eventsourcing.samples.orders.web;

import java.util.function.Supplier;

/** Something in the request's head cannot be used. */
final class InvalidRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    InvalidRequestException(String code, String reason) {
        super(reason);
        this.code = code;
    }

    /** What {@code parse} makes of text from outside; what it refuses is the caller's fault. */
    static <T> T parse(String code, Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(code, String.valueOf(e.getMessage()));
        }
    }

    String code() {
        return code;
    }
}
