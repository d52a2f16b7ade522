package io.eventsourcing.samples.orders;

/** A command broke a rule. Nothing was recorded. */
public final class OrderRejected extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Rule rule;

    /**
     * Names the rule and the reason.
     *
     * @param rule the rule
     * @param reason the reason, for people
     */
    public OrderRejected(Rule rule, String reason) {
        super(reason);
        this.rule = rule;
    }

    static OrderRejected unknown() {
        return new OrderRejected(Rule.ORDER_UNKNOWN, "There is no such order.");
    }

    /**
     * The rule that was broken.
     *
     * @return the rule
     */
    public Rule rule() {
        return rule;
    }
}
