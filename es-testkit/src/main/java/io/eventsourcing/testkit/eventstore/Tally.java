package io.eventsourcing.testkit.eventstore;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.SnapshotAndEvents;
import io.eventsourcing.core.snapshot.SnapshotType;
import io.eventsourcing.testkit.eventstore.ContractEvent.Noted;

/** A state to take snapshots of: the texts of all events, one after the other. */
@SnapshotType("contract-tally")
record Tally(String texts) {

    static Tally of(SnapshotAndEvents<Tally> loaded) {
        return loaded.fold(new Tally(""), Tally::and);
    }

    private Tally and(RecordedEvent event) {
        return new Tally(texts + ((Noted) event.payload()).text());
    }
}
