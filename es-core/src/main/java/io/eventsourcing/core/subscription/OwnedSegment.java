package io.eventsourcing.core.subscription;

/**
 * A segment that a node owns after it has renewed its lease.
 *
 * @param checkpoint how far it has come, with the token of the owner
 * @param isSurplus whether the node has more than its share, and is to finish what it is doing and release the segment
 * @param hasParked whether events of the segment are parked
 */
public record OwnedSegment(Checkpoint checkpoint, boolean isSurplus, boolean hasParked) {}
