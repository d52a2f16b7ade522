package io.eventsourcing.core.log;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import java.util.List;

/**
 * A part of the log.
 *
 * @param entries the stored events that were found, oldest first
 * @param position where to continue: everything wanted up to here is in this page or in those before it. The position of an event,
 *     which may be one that was not wanted, or the one that was asked for; never a bare mark, because positions above the last
 *     event may be drawn again after a crash
 * @param mark the high-water mark at the time of the read
 * @param isLast whether there was nothing more to read below the mark
 */
public record LogPage(List<LogEntry> entries, GlobalPosition position, GlobalPosition mark, boolean isLast) {

    /** Copies the entries. */
    public LogPage {
        entries = List.copyOf(entries);
    }

    /**
     * The events, read and upcast.
     *
     * @return the events, oldest first
     * @throws io.eventsourcing.core.EventSourcingException if one of them cannot be read; ask {@link #entries()} one by one to
     *     get at the others
     */
    public List<RecordedEvent> events() {
        return entries.stream().flatMap(entry -> entry.events().stream()).toList();
    }
}
