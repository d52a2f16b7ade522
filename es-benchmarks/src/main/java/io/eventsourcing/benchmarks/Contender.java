package io.eventsourcing.benchmarks;

/** One way of storing one event durably. Used by several threads at once. */
interface Contender {

    /** Stores the event with this number of a stream that only the calling thread writes. */
    void append(String streamId, int number);
}
