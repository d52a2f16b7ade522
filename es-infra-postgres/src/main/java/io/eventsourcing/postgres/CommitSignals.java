package io.eventsourcing.postgres;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Signals what was written when its transaction is over: at once, or after the surrounding one has been committed or rolled back. */
final class CommitSignals {

    private static final Logger LOGGER = LoggerFactory.getLogger(CommitSignals.class);

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    void tell(Runnable listener) {
        listeners.add(listener);
    }

    /** Something was written by this thread, in the surrounding transaction or on its own. */
    void written(boolean inTransaction) {
        if (listeners.isEmpty()) {
            return;
        }
        if (!inTransaction || !TransactionSynchronizationManager.isSynchronizationActive()) {
            signal();
        } else if (TransactionSynchronizationManager.getSynchronizations().stream()
                .noneMatch(this::isMine)) {
            TransactionSynchronizationManager.registerSynchronization(new AfterCompletion(this));
        }
    }

    private boolean isMine(TransactionSynchronization synchronization) {
        return synchronization instanceof AfterCompletion after && after.signals == this;
    }

    private void signal() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOGGER.warn("A listener failed. What was written is not affected.", e);
            }
        }
    }

    /** A rollback lets the high-water mark rise as well. */
    private record AfterCompletion(CommitSignals signals) implements TransactionSynchronization {

        @Override
        public void afterCompletion(int status) {
            signals.signal();
        }
    }
}
