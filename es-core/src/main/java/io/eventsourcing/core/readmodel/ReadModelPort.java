package io.eventsourcing.core.readmodel;

import java.util.Optional;

/**
 * Reads the rows of a read model, for applications: those of the {@linkplain io.eventsourcing.core.tenant.TenantContext current tenant}
 * alone. What a projection has written is seen when its batch has committed.
 *
 * <p>Thread-safe. Besides what is said for each, methods throw {@link io.eventsourcing.core.event.TransientStoreException},
 * {@link io.eventsourcing.core.event.EventStoreUnavailableException} and
 * {@link io.eventsourcing.core.event.EventStoreRefusedException}.
 *
 * @param <T> the {@link ReadModel} record
 */
public interface ReadModelPort<T> {

    /**
     * The row with this id.
     *
     * @param id the values of the components with {@link Id}, in their order
     * @return the row; empty if this tenant has none
     * @throws IllegalArgumentException if there are more or less of them, or one is of another class
     * @throws ReadModelException if the row does not fit the record
     */
    Optional<T> get(Object... id);

    /**
     * A page of rows.
     *
     * @param query which ones, in which order, and how many
     * @return the page
     * @throws IllegalArgumentException if the record has no such component, or the query was made for another page
     * @throws ReadModelException if a row does not fit the record
     */
    ReadModelPage<T> find(ReadModelQuery query);
}
