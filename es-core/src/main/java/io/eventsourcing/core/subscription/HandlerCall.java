package io.eventsourcing.core.subscription;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.LogEntry;
import java.util.ArrayList;
import java.util.List;

/** Reads entries of the log, and calls the handler for them. Stateless and thread-safe. */
final class HandlerCall {

    private final SubscriptionHandler handler;

    HandlerCall(SubscriptionHandler handler) {
        this.handler = handler;
    }

    /**
     * Handles entries, up to the first one that cannot be read.
     *
     * @return how many are handled; at least one
     * @throws HandlerFailedException if the handler failed, or the first entry cannot be read
     */
    int handle(List<LogEntry> entries) {
        List<RecordedEvent> events = new ArrayList<>();
        int readable = 0;
        try {
            for (LogEntry entry : entries) {
                events.addAll(entry.events());
                readable++;
            }
        } catch (Throwable e) { // whatever it is: what cannot be read is parked in the end
            if (readable == 0) {
                throw new HandlerFailedException(0, e);
            }
        }
        if (!events.isEmpty()) {
            call(List.copyOf(events), entries);
        }
        return readable;
    }

    private void call(List<RecordedEvent> events, List<LogEntry> entries) {
        try {
            handler.handle(events);
        } catch (EventNotHandledException e) {
            throw new HandlerFailedException(indexOf(e.position(), entries), e);
        } catch (Throwable e) { // whatever it is: what the handler cannot handle is parked in the end
            throw new HandlerFailedException(entries.size() == 1 ? 0 : -1, e);
        }
    }

    private static int indexOf(GlobalPosition position, List<LogEntry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).position().equals(position)) {
                return i;
            }
        }
        return -1;
    }
}
