package io.eventsourcing.core.command;

/**
 * Tells workers on the same node that commands were stored, so that they need not ask again and again. It promises nothing: what another
 * node stores gives no signal, so whoever listens has to ask from time to time as well.
 */
public interface CommandSignals {

    /**
     * Calls a listener after commands were stored on this node, when their transaction is over, committed or not. The call comes on the
     * storing thread, so it must be short, must not block, and must not throw.
     *
     * @param listener what to call
     */
    void onStored(Runnable listener);
}
