package io.eventsourcing.postgres;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.StreamDeletedException;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.stream.StreamId;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Iterates over a known number of stored events, fetching a page when the last one is used up. Versions have no gaps, so an
 * empty page before the end means that the stream was deleted meanwhile.
 */
final class PagedEvents implements Iterator<RecordedEvent> {

    /** Fetches the page that continues after an event. */
    @FunctionalInterface
    interface NextPage {
        StreamPage after(StoredEvent last, int limit);
    }

    private final StreamId stream;
    private final Function<StoredEvent, List<RecordedEvent>> read;
    private final NextPage nextPage;
    private final Queue<RecordedEvent> ready = new ArrayDeque<>();
    private Iterator<StoredEvent> page;
    private @Nullable StoredEvent last;
    private long remaining;
    private int asked = StreamPage.FIRST_LIMIT;
    private int received;

    PagedEvents(StreamPage first, long count, Function<StoredEvent, List<RecordedEvent>> read, NextPage nextPage) {
        this.stream = first.stream();
        this.read = read;
        this.nextPage = nextPage;
        this.remaining = count;
        this.page = first.events().iterator();
        this.received = first.events().size();
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && remaining > 0) {
            last = nextStored();
            remaining--;
            ready.addAll(read.apply(last));
        }
        return !ready.isEmpty();
    }

    @Override
    public RecordedEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("Stream " + stream + " has no more events.");
        }
        return ready.remove();
    }

    private StoredEvent nextStored() {
        if (!page.hasNext()) {
            fetch();
        }
        return page.next();
    }

    private void fetch() {
        if (last != null) {
            asked = StreamPage.nextLimit(asked, received);
            StreamPage next = nextPage.after(last, (int) Math.min(asked, remaining));
            received = next.events().size();
            page = next.events().iterator();
        }
        if (!page.hasNext()) {
            throw new StreamDeletedException(stream);
        }
    }
}
