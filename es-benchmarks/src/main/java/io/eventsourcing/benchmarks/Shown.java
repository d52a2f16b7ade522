package io.eventsourcing.benchmarks;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** When the row of each key was committed, in microseconds. Notes nothing until it is asked to. Thread-safe. */
final class Shown {

    private final Map<String, Long> at = new ConcurrentHashMap<>();
    private volatile boolean isNoting;

    void begin() {
        at.clear();
        isNoting = true;
    }

    /** Notes the end of the transaction of the calling thread. */
    void atCommit(LineChanged event) {
        if (isNoting) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    at.put(event.key(), Follower.micros());
                }
            });
        }
    }

    Map<String, Long> at() {
        return at;
    }
}
