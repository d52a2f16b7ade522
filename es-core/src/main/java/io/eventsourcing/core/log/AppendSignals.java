package io.eventsourcing.core.log;

/**
 * Tells followers on the same node that the log may have grown, so that they need not ask again and again.
 *
 * <p>A signal says that an append is over, committed or not: either may let the high-water mark rise. It promises nothing: an
 * append on another node gives none, so whoever listens has to ask from time to time as well.
 */
public interface AppendSignals {

    /**
     * Calls a listener after each append on this node, when its transaction is over. The call comes on the appending thread, so it
     * must be short, must not block, and must not throw.
     *
     * @param listener what to call
     */
    void onAppend(Runnable listener);
}
