package io.eventsourcing.spring;

/** Tells this node that the log may have grown elsewhere. A bean of this type is started with the tail of the log. */
interface WakeUpSource {

    /**
     * Begins to tell.
     *
     * @param wake what to call; never blocks
     */
    void start(Runnable wake);
}
