package io.eventsourcing.samples.orders;

import io.eventsourcing.core.command.CommandRejectedException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The rules that a command can break. Callers tell them apart by {@link #code()}. */
public enum Rule {
    /** An id is a short text without characters that nobody sees. */
    ORDER_ID_INVALID(Kind.INVALID),
    /** Only an order that was placed can be changed. */
    ORDER_UNKNOWN(Kind.UNKNOWN),
    /** Who has seen a version changes only that one. */
    ORDER_CHANGED(Kind.PRECONDITION),
    /** An order is placed once. */
    ORDER_ALREADY_PLACED(Kind.CONFLICT),
    /** Lines are added and payment is taken while the order is open. */
    ORDER_NOT_OPEN(Kind.CONFLICT),
    /** Only a paid order is shipped. */
    ORDER_NOT_PAID(Kind.CONFLICT),
    /** What is at its end is not cancelled. */
    ORDER_CLOSED(Kind.CONFLICT),
    /** A line has one piece or more. */
    QUANTITY_NOT_POSITIVE(Kind.INVALID),
    /** A price is zero or more. */
    PRICE_NEGATIVE(Kind.INVALID),
    /** An order has one currency. */
    CURRENCY_MISMATCH(Kind.INVALID),
    /** Currencies are those of ISO 4217. */
    CURRENCY_UNKNOWN(Kind.INVALID),
    /** Amounts have no more decimals than their currency. */
    AMOUNT_TOO_PRECISE(Kind.INVALID),
    /** Amounts are of this world. */
    AMOUNT_TOO_LARGE(Kind.INVALID),
    /** Only an order with lines is paid. */
    ORDER_EMPTY(Kind.INVALID),
    /** An order is paid at once and exactly. */
    PAYMENT_NOT_TOTAL(Kind.INVALID);

    private final Kind kind;

    Rule(Kind kind) {
        this.kind = kind;
    }

    /**
     * What breaking the rule means to whoever tried.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * The rule's name for programs.
     *
     * @return such as {@code order-not-paid}
     */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The rule of a code.
     *
     * @param code the code of a rejection
     * @return the rule; empty if no rule has it
     */
    public static Optional<Rule> ofCode(String code) {
        return Arrays.stream(values()).filter(rule -> rule.code().equals(code)).findAny();
    }

    /**
     * The rejection of what breaks the rule.
     *
     * @param reason the reason, for people
     * @return the rejection, to be thrown
     */
    public CommandRejectedException broken(String reason) {
        return new CommandRejectedException(code(), reason);
    }

    /** What breaking a rule means. */
    public enum Kind {
        /** There is no such order. */
        UNKNOWN,
        /** The order has changed since it was seen. */
        PRECONDITION,
        /** It would have been fine for an order in another state. */
        CONFLICT,
        /** It is never fine like this. */
        INVALID
    }
}
