package io.eventsourcing.core.readmodel;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes the rows of a read model from the handlers of a projection. It has no state of its own: each call belongs to the batch of
 * events that the calling thread is handling, so that one bean serves the live table, a rebuild beside it and several segments at the
 * same time. Rows belong to the tenant of the event that is being handled.
 *
 * <p>Changes are seen by later calls of the same batch at once, and written when the batch ends, in one statement for each table and
 * kind, together with the checkpoint: all of them or none.
 *
 * <p>Thread-safe. Used outside of a batch, each method throws {@link IllegalStateException}, and nothing is written. A value that
 * cannot be stored is a {@link ReadModelException}.
 *
 * @param <T> the {@link ReadModel} record
 */
public interface ReadModelUpdaterPort<T> {

    /**
     * Writes a row, whether there is one with its id or not.
     *
     * @param row the whole row
     */
    void upsert(T row);

    /**
     * Deletes a row. Does nothing if there is none.
     *
     * @param id the values of the components with {@link Id}, in their order
     * @throws IllegalArgumentException if there are more or less of them
     */
    void delete(Object... id);

    /**
     * Changes single columns of a row that is there. If there is none when the batch is written, the batch fails: an event that comes before
     * the one that makes its row is an error, and not nothing.
     *
     * @param id the values of the components with {@link Id}, in their order
     * @return what takes the changes, each at once
     * @throws IllegalArgumentException if there are more or less of them
     */
    RowUpdate update(Object... id);

    /**
     * The row with this id, with all changes of this batch. It is locked until the batch ends.
     *
     * @param id the values of the components with {@link Id}, in their order
     * @return the row; empty if there is none
     * @throws IllegalArgumentException if there are more or less of them
     */
    Optional<T> get(Object... id);

    /** Takes changes of one row, for as long as its batch lasts. */
    interface RowUpdate {

        /**
         * Sets a column.
         *
         * @param component the name of the record component, not one of the id
         * @param value its value from now on
         * @return this
         * @throws IllegalArgumentException if the record has no such component, or it is part of the id
         */
        RowUpdate set(String component, @Nullable Object value);

        /**
         * Adds to a column of numbers.
         *
         * @param component the name of the record component, not one of the id
         * @param by what to add; below zero to take away
         * @return this
         * @throws IllegalArgumentException if the record has no such component, it is no number, or part of the id
         */
        RowUpdate increment(String component, Number by);
    }
}
