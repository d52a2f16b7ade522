package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Appends that a test starts at the same time, each on a thread of its own. */
final class ConcurrentAppends {

    private final PostgresEventStore store;
    private final List<Thread> threads = new ArrayList<>();

    ConcurrentAppends(PostgresEventStore store) {
        this.store = store;
    }

    CompletableFuture<AppendResult> start(AppendRequest request) {
        return CompletableFuture.supplyAsync(() -> store.append(request), task -> {
            Thread thread = new Thread(task);
            threads.add(thread);
            thread.start();
        });
    }

    /** Starts appends and waits until all of them wait for their turn behind one that a test holds up. */
    List<CompletableFuture<AppendResult>> startBehind(Stream<AppendRequest> requests) {
        int before = threads.size();
        List<CompletableFuture<AppendResult>> started =
                requests.map(this::start).toList();
        Awaitility.await().until(() -> threads.stream().skip(before).allMatch(ConcurrentAppends::waits));
        return started;
    }

    /** The thread of an append, by the order in which they were started. */
    Thread thread(int index) {
        return threads.get(index);
    }

    static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }
}
