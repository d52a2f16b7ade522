package io.eventsourcing.core.snapshot;

import java.time.Duration;
import java.util.List;

/**
 * When a snapshot may be taken: after a state was loaded, and events were decided on.
 *
 * @param eventsSinceSnapshot how many events the latest snapshot would lack, with those that are appended
 * @param loadingTook how long it took to load the state
 * @param appended the payloads of the events that are appended
 */
public record SnapshotOccasion(long eventsSinceSnapshot, Duration loadingTook, List<?> appended) {}
