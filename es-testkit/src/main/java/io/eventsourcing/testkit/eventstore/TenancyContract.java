package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.serialization.EventSerialization;
import org.junit.jupiter.api.Nested;

/**
 * That no tenant sees or changes what is another's, in tests that never skip.
 *
 * <p>An adapter's test extends it and says how the store is opened. The store need not be empty: every test works for
 * tenants of its own.
 *
 * <p>The tests stand in nested classes, which surefire selects by their own names: run them alone with
 * {@code -Dtest='MyContractTest,TenancyContract*'}.
 */
public abstract class TenancyContract {

    /** For adapters' tests. */
    protected TenancyContract() {}

    /**
     * Opens the store. Every store that is opened within one test sees the same data.
     *
     * @param serialization what the store writes and reads with
     * @return the store
     */
    protected abstract StoreUnderTest open(EventSerialization serialization);

    @Nested
    final class KeepingTenantsApart extends TenancyRules {
        KeepingTenantsApart() {
            super(TenancyContract.this::open);
        }
    }
}
