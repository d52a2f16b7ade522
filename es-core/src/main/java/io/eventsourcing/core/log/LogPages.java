package io.eventsourcing.core.log;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** Reads one page after the other until there is nothing left below the mark. Belongs to one thread. */
final class LogPages implements Iterator<LogPage> {

    private final EventLogPort log;
    private LogQuery next;
    private boolean ended;

    LogPages(EventLogPort log, LogQuery first) {
        this.log = log;
        this.next = first;
    }

    @Override
    public boolean hasNext() {
        return !ended;
    }

    @Override
    public LogPage next() {
        if (ended) {
            throw new NoSuchElementException("The log ends at position " + next.after() + ".");
        }
        LogPage page = log.read(next);
        next = next.after(page.position());
        ended = page.isLast();
        return page;
    }
}
