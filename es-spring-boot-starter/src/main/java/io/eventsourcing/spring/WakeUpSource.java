package io.eventsourcing.spring;

/** Tells this node that others have written. A bean of this type listens from the first call on. */
interface WakeUpSource {

    /**
     * Tells that the log may have grown elsewhere.
     *
     * @param wake what to call; never blocks
     */
    void onAppend(Runnable wake);

    /**
     * Tells that commands were stored elsewhere.
     *
     * @param wake what to call; never blocks
     */
    void onCommands(Runnable wake);
}
