package io.eventsourcing.postgres.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.postgres.crash.JournaledAppend.Answer;
import io.eventsourcing.postgres.crash.Tables.EventRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Compares the tables with the journals: what was acknowledged is there once, exactly as it was planned and answered; what
 * was refused is not; what was not answered is there whole or not at all; and there is nothing else.
 */
final class JournalCheck {

    private final Map<UUID, EventRow> rows;
    private final Map<String, String> snapshots = new HashMap<>();
    private final Map<String, Long> snapshotVersions = new HashMap<>();
    private int events;
    private int writtenUnanswered;

    private JournalCheck(Map<UUID, EventRow> rows) {
        this.rows = rows;
    }

    /** Returns how many of the unanswered appends are there. */
    static int run(Tables tables, String tenant, List<JournaledAppend> appends) {
        JournalCheck check = new JournalCheck(tables.events(tenant));
        appends.forEach(check::check);
        assertThat(check.rows).as("events that nobody appended").hasSize(check.events);
        assertThat(tables.streamsOutOfOrder(tenant)).isEmpty();
        assertThat(tables.wrongTags(tenant)).isEmpty();
        assertThat(tables.snapshots(tenant)).isEqualTo(check.snapshots);
        return check.writtenUnanswered;
    }

    private void check(JournaledAppend append) {
        PlannedAppend plan = append.plan();
        List<PlannedEvent> planned =
                plan.requests().stream().flatMap(r -> r.events().stream()).toList();
        List<EventRow> found = planned.stream()
                .map(event -> rows.get(event.id()))
                .filter(Objects::nonNull)
                .toList();
        assertThat(found.size())
                .as(() -> "events of append " + append)
                .isIn(
                        append.is(Answer.ACKNOWLEDGED) ? planned.size() : 0,
                        append.is(Answer.REFUSED) ? 0 : planned.size());
        if (!found.isEmpty()) {
            events += found.size();
            writtenUnanswered += append.is(Answer.NONE) ? 1 : 0;
            List<Acknowledgement> written = written(plan);
            if (append.is(Answer.ACKNOWLEDGED)) {
                assertThat(written).as(plan::name).isEqualTo(append.acknowledgements());
            }
        }
    }

    /** What the store should have answered, by what the tables hold. */
    private List<Acknowledgement> written(PlannedAppend plan) {
        List<Acknowledgement> written = new ArrayList<>();
        for (PlannedRequest request : plan.requests()) {
            EventRow first = row(request.events().get(0));
            List<Long> positions = new ArrayList<>();
            for (PlannedEvent event : request.events()) {
                EventRow row = row(event);
                long version = first.version() + positions.size();
                assertThat(row).as(plan::name).isEqualTo(expected(row.position(), request.stream(), version, event));
                positions.add(row.position());
            }
            assertThat(positions).as(plan::name).isSorted();
            long version = first.version() + positions.size() - 1;
            written.add(new Acknowledgement(version, positions));
            rememberSnapshot(request, version, plan.name());
        }
        return written;
    }

    private EventRow row(PlannedEvent event) {
        return Objects.requireNonNull(rows.get(event.id()));
    }

    private static EventRow expected(long position, String stream, long version, PlannedEvent event) {
        return new EventRow(position, stream, version, event.id(), "crash-noted", event.text(), event.tags());
    }

    private void rememberSnapshot(PlannedRequest request, long version, String append) {
        if (request.snapshot() && version > snapshotVersions.getOrDefault(request.stream(), 0L)) {
            snapshotVersions.put(request.stream(), version);
            snapshots.put(request.stream(), version + " by " + append);
        }
    }
}
