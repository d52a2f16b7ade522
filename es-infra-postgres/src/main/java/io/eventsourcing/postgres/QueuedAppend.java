package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStoreException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An append in an {@link AppendQueue}: what its thread waits for, and what becomes of it. */
final class QueuedAppend {

    private final SerializedAppend append;
    private final CompletableFuture<List<QueuedAppend>> turn = new CompletableFuture<>();
    private @Nullable AppendResult result;
    private @Nullable EventStoreException error;

    QueuedAppend(SerializedAppend append) {
        this.append = append;
    }

    SerializedAppend append() {
        return append;
    }

    /** Waits until another thread has dealt with the append, which is no group, or until this thread is to write a group. */
    List<QueuedAppend> awaitTurn() {
        return turn.join();
    }

    /** Makes the waiting thread write a group, to which its own append belongs. */
    void lead(List<QueuedAppend> group) {
        turn.complete(group);
    }

    /** Lets the waiting thread go on with what has become of its append. */
    void finish() {
        turn.complete(List.of());
    }

    void written(@Nullable AppendResult written) {
        this.result = written;
    }

    void failed(EventStoreException failure) {
        this.error = failure;
    }

    /** What was written; null if nothing was, and the append has to be made on its own. */
    @Nullable
    AppendResult result() {
        if (error != null) {
            throw error;
        }
        return result;
    }
}
