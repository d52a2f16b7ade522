package io.eventsourcing.core.readmodel;

import java.util.List;

/**
 * For adapters: keeps the rows of read models. What writes belongs to the transaction of a batch
 * ({@link io.eventsourcing.core.subscription.CheckpointPort#inTransaction}), and what reads for applications to none.
 *
 * <p>Thread-safe. Methods throw {@link io.eventsourcing.core.event.TransientStoreException},
 * {@link io.eventsourcing.core.event.EventStoreUnavailableException} and
 * {@link io.eventsourcing.core.event.EventStoreRefusedException}.
 */
public interface ReadModelStorePort {

    /**
     * Reads rows within a batch, and keeps others from changing them until its transaction ends.
     *
     * @param table the table
     * @param keys the keys, in their {@linkplain ReadModelType#keyOrder() order}, each once
     * @return the rows that there are
     */
    List<Row> lock(ReadModelTable table, List<RowKey> keys);

    /**
     * Writes what a batch has changed in a table: no key is there twice.
     *
     * @param table the table
     * @param upserts whole rows, in the {@linkplain ReadModelType#keyOrder() order} of their keys
     * @param deletes the keys of rows that are to go, in their order
     */
    void write(ReadModelTable table, List<Row> upserts, List<RowKey> deletes);

    /**
     * Reads rows for an application, from the table that it knows.
     *
     * @param type what a row is
     * @param query which rows
     * @return the rows, in their order
     */
    List<Row> find(ReadModelType<?> type, RowQuery query);
}
