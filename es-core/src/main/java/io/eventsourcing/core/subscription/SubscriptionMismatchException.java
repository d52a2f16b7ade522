package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.EventStoreException;

/** A subscription is divided differently than the one of the same name in the store. It was not started. */
public final class SubscriptionMismatchException extends EventStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Names both.
     *
     * @param subscription the name of the subscription
     * @param wanted how it is divided here
     * @param stored how it is divided in the store
     */
    public SubscriptionMismatchException(String subscription, Sequencing wanted, Sequencing stored) {
        super("Subscription '" + subscription + "' has " + describe(wanted) + " here, but " + describe(stored)
                + " in the store. It was not started, because events would be handled twice or never. Give it back what it had,"
                + " or another name, under which it is a new one and starts anew.");
    }

    private static String describe(Sequencing sequencing) {
        return sequencing.segments() + " segments by '" + sequencing.policy() + "'";
    }
}
