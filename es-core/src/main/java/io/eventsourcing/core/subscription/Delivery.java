package io.eventsourcing.core.subscription;

/** What a subscription promises when a node dies, or a call is repeated. */
public enum Delivery {
    /** Each event is handled at least once: after a crash the last batch may be handled again. For effects outside of the store. */
    AT_LEAST_ONCE,

    /**
     * Each event counts exactly once: what its handler writes to the store's database, in the transaction that surrounds it, is
     * committed together with the checkpoint. Effects elsewhere may be repeated.
     */
    IN_TRANSACTION
}
