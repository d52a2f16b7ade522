package io.eventsourcing.projection;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.LogPage;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The events of pages of the log, one after the other; a page is read when the one before is used up. */
final class PagedLog implements Iterator<RecordedEvent> {

    private final Iterator<LogPage> pages;
    private Iterator<RecordedEvent> page = Collections.emptyIterator();

    PagedLog(Iterator<LogPage> pages) {
        this.pages = pages;
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && pages.hasNext()) {
            page = pages.next().events().iterator();
        }
        return page.hasNext();
    }

    @Override
    public RecordedEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The log has no more events.");
        }
        return page.next();
    }
}
