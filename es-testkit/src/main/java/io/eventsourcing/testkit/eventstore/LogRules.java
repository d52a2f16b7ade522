package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.testkit.eventstore.ContractEvent.Noted;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of the log share. Each reads from where the log ended when it began. */
abstract class LogRules {

    private final Function<EventSerialization, LogUnderTest> opener;

    EventStorePort store;
    EventLogPort log;
    GlobalPosition start = GlobalPosition.START;

    @SuppressWarnings("NullAway.Init") // opened before each test
    LogRules(Function<EventSerialization, LogUnderTest> opener) {
        this.opener = opener;
    }

    @BeforeEach
    void openLog() {
        reopen(ContractEvent.serialization());
        start = log.now();
    }

    /** From now on the test uses a log with this serialization over the same data. */
    final void reopen(EventSerialization serialization) {
        LogUnderTest opened = opener.apply(serialization);
        store = opened.events();
        log = opened.log();
    }

    static StreamId newStream() {
        return newStream("contract");
    }

    static StreamId newStream(String type) {
        return StreamId.of(type, UUID.randomUUID().toString());
    }

    static TenantId newTenant() {
        return TenantId.of("t-" + UUID.randomUUID());
    }

    static NewEvent note(String text) {
        return NewEvent.of(new Noted(text));
    }

    final AppendResult append(StreamId stream, Object... payloadsOrEvents) {
        return store.append(AppendRequest.of(stream, ExpectedVersion.any(), payloadsOrEvents));
    }

    final AppendResult note(StreamId stream, String text) {
        return append(stream, new Noted(text));
    }

    final LogQuery query() {
        return LogQuery.startingAfter(start);
    }

    /** Everything that the test has appended and that the filter lets through, page by page. */
    final List<RecordedEvent> read(LogFilter filter) {
        List<RecordedEvent> events = new ArrayList<>();
        for (LogPage page : log.readAll(query().matching(filter).limitedTo(3))) {
            events.addAll(page.events());
        }
        return events;
    }

    /** What the events say, in the order in which they were read. */
    static List<String> texts(List<RecordedEvent> events) {
        return events.stream()
                .map(event -> event.payload() instanceof Noted noted
                        ? noted.text()
                        : event.payload().toString())
                .toList();
    }

    final List<String> texts(LogFilter filter) {
        return texts(read(filter));
    }
}
