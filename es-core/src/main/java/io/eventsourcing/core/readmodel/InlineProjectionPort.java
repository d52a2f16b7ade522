package io.eventsourcing.core.readmodel;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStorePort;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * For adapters: lets inline projections take part in the transactions of appends. All other methods than {@link #join} and {@link #leave} belong to the
 * transaction of the append that has called the handler. Thread-safe.
 */
public interface InlineProjectionPort extends AppliedStreams {

    /** Handles events in the transaction of their append. */
    interface Handler {

        /**
         * Whether it would handle events of these types. An append of others has no transaction with it.
         *
         * @param eventTypes the names of the types of all events of an append
         * @return true if it handles some of them
         */
        boolean isConcernedBy(Set<String> eventTypes);

        /**
         * Handles what was appended. What this throws undoes the append, and is what the caller of the append gets.
         *
         * @param appends what was appended, some of it perhaps by an earlier attempt
         */
        void appended(List<AppendResult> appends);
    }

    /**
     * Has all appends of the store on this node, also those of commands, call a handler within their transactions from now on.
     *
     * @param handler the handler
     */
    void join(Handler handler);

    /**
     * Has appends call a handler no more.
     *
     * @param handler the handler
     */
    void leave(Handler handler);

    /**
     * Begins a batch of the live generation: until the transaction ends it stays live, and its tables keep their names.
     *
     * @param projection the name of the projection
     * @return the live generation; empty if it is paused, or about to be replaced: then the events are left to the subscription that follows
     */
    Optional<ProjectionGeneration> begin(String projection);

    /**
     * The rows, as this transaction sees and changes them.
     *
     * @return the rows
     */
    ReadModelStorePort rows();

    /**
     * The events, with those that this transaction has appended.
     *
     * @return the events
     */
    EventStorePort events();
}
