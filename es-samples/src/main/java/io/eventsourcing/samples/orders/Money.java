package io.eventsourcing.samples.orders;

import io.eventsourcing.core.command.CommandRejectedException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;

/**
 * An amount that can be paid: with as many decimals as its currency has.
 *
 * @param amount the amount
 * @param currency its currency
 */
public record Money(BigDecimal amount, Currency currency) {

    private static final int MAX_INTEGER_DIGITS = 12;

    /** Writes the amount with the decimals of the currency. */
    public Money {
        amount = amount.setScale(currency.getDefaultFractionDigits(), RoundingMode.UNNECESSARY);
    }

    /**
     * Money as somebody typed it.
     *
     * @param amount the amount
     * @param currencyCode the currency's ISO code
     * @return the money
     * @throws CommandRejectedException if there is no such money
     */
    public static Money of(BigDecimal amount, String currencyCode) {
        Currency currency = currency(currencyCode);
        if (amount.precision() - (long) amount.scale() > MAX_INTEGER_DIGITS) {
            throw Rule.AMOUNT_TOO_LARGE.broken(
                    "An amount has at most " + MAX_INTEGER_DIGITS + " digits before the point.");
        }
        if (amount.stripTrailingZeros().scale() > currency.getDefaultFractionDigits()) {
            throw Rule.AMOUNT_TOO_PRECISE.broken(
                    "An amount in " + currency + " has at most " + currency.getDefaultFractionDigits() + " decimals.");
        }
        return new Money(amount, currency);
    }

    /**
     * The currency of a code, if one can pay in it.
     *
     * @param code an ISO code
     * @return the currency
     * @throws CommandRejectedException if there is none
     */
    public static Currency currency(String code) {
        return Currency.getAvailableCurrencies().stream()
                .filter(currency -> currency.getCurrencyCode().equals(code))
                .filter(currency -> currency.getDefaultFractionDigits() >= 0)
                .findAny()
                .orElseThrow(() -> Rule.CURRENCY_UNKNOWN.broken("Nothing is paid in '" + code + "'."));
    }

    Money plus(Money other) {
        return new Money(amount.add(other.amount), currency);
    }

    Money times(int factor) {
        return new Money(amount.multiply(BigDecimal.valueOf(factor)), currency);
    }

    /** The money as people read it, such as {@code 19.90 EUR}. */
    @Override
    public String toString() {
        return amount + " " + currency;
    }
}
