package io.eventsourcing.samples.orders;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;

/**
 * An order, as its events make it.
 *
 * @param status how far it got
 * @param customer who placed it
 * @param currency in which it is paid
 * @param lines what was ordered
 * @param version how many events it is made of
 */
public record Order(Status status, String customer, Currency currency, List<Line> lines, long version) {

    /** The order before its first event. */
    public static final Order NONE = new Order(Status.NONE, "", Currency.getInstance("XXX"), List.of(), 0);

    /** Copies the lines. */
    public Order {
        lines = List.copyOf(lines);
    }

    /** How far an order got. */
    public enum Status {
        /** It was never placed. */
        NONE,
        /** It takes lines and a payment. */
        OPEN,
        /** It can be shipped. */
        PAID,
        /** It is gone. */
        SHIPPED,
        /** It was called off. */
        CANCELLED,
        /** It was not paid in time. */
        EXPIRED;

        boolean isEnd() {
            return this == SHIPPED || this == CANCELLED || this == EXPIRED;
        }

        /** The status within a sentence. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * So many pieces of one article.
     *
     * @param sku the article
     * @param quantity how many
     * @param unitPrice the price of one
     */
    public record Line(String sku, int quantity, Money unitPrice) {}

    static Order placed(String customer, Currency currency) {
        return new Order(Status.OPEN, customer, currency, List.of(), 0);
    }

    Order with(Status next) {
        return new Order(next, customer, currency, lines, version);
    }

    Order with(Line line) {
        List<Line> more = new ArrayList<>(lines);
        more.add(line);
        return new Order(status, customer, currency, more, version);
    }

    Order after(OrderEvent event) {
        Order after = event.applyTo(this);
        return new Order(after.status, after.customer, after.currency, after.lines, version + 1);
    }

    /**
     * What the order costs.
     *
     * @return the sum of its lines
     */
    public Money total() {
        Money nothing = new Money(BigDecimal.ZERO, currency);
        return lines.stream()
                .map(line -> line.unitPrice().times(line.quantity()))
                .reduce(nothing, Money::plus);
    }
}
