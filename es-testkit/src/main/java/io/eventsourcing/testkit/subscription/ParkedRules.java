package io.eventsourcing.testkit.subscription;

import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.SerializedEvent;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.Parking;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the tests of parked events share. */
abstract class ParkedRules extends CheckpointRules {

    static final String ERROR = "java.lang.IllegalStateException: no stock";

    ParkedRules(Supplier<CheckpointsUnderTest> opener) {
        super(opener);
    }

    /** An event whose handler has failed once. */
    static Parking failed(long position, String key) {
        return new Parking(event(position), key, 1, ERROR);
    }

    /** An event that is to wait for an earlier one. */
    static Parking behind(long position, String key) {
        return new Parking(event(position), key, 0, null);
    }

    private static StoredEvent event(long position) {
        EventId id = EventId.next();
        SerializedPayload payload = new SerializedPayload(new VersionedType("noted", 1), "{}", null);
        return new StoredEvent(
                StreamId.of("contract", id.toString()),
                StreamVersion.FIRST,
                at(position),
                id,
                Instant.now(),
                new SerializedEvent(payload, "{}", List.of()));
    }

    /** Parks the event, which is parked. */
    final Checkpoint parkNow(Checkpoint held, Parking parking) {
        return checkpoints.park(held, parking).orElseThrow(() -> new AssertionError("Not parked: " + parking));
    }

    final List<ParkedEvent> parked(String subscription) {
        return checkpoints.parked(new ParkedQuery(subscription, null, at(0), 100));
    }

    static List<Long> positions(List<ParkedEvent> events) {
        return events.stream().map(event -> event.position().value()).toList();
    }

    final boolean unpark(ParkedEvent event) {
        return locked(event, checkpoints::unpark);
    }

    /** Calls within a transaction that has locked the event's segment, as a retry does. */
    final <T> T locked(ParkedEvent event, Function<ParkedEvent, T> call) {
        List<T> result = new ArrayList<>();
        checkpoints.inTransaction(() -> {
            checkpoints.lock(event.segment());
            result.add(call.apply(event));
        });
        return result.get(0);
    }
}
