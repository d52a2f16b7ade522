package io.eventsourcing.memory;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.readmodel.InlineProjectionPort.Handler;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The inline projections that take part in appends. An append in memory has no transaction, so what they write gets one. */
final class InlineHandlers {

    private final List<Handler> handlers = new CopyOnWriteArrayList<>();
    private volatile @Nullable InMemoryCheckpoints transactions;

    void join(Handler handler, InMemoryCheckpoints inTransactionsOf) {
        transactions = inTransactionsOf;
        handlers.add(handler);
    }

    void leave(Handler handler) {
        handlers.remove(handler);
    }

    boolean areConcernedBy(List<SerializedRequest> requests) {
        if (handlers.isEmpty()) {
            return false;
        }
        Set<String> types = requests.stream()
                .flatMap(request -> request.contents().stream())
                .map(content -> content.payload().type().name())
                .collect(Collectors.toSet());
        return handlers.stream().anyMatch(handler -> handler.isConcernedBy(types));
    }

    void appended(List<AppendResult> appends) {
        InMemoryCheckpoints checkpoints = transactions;
        if (checkpoints != null) {
            checkpoints.inTransaction(() -> handlers.forEach(handler -> handler.appended(appends)));
        }
    }
}
