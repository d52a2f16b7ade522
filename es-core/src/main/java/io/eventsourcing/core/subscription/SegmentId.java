package io.eventsourcing.core.subscription;

/**
 * A part of a subscription that one node works on at a time.
 *
 * @param subscription the name of the subscription
 * @param number from 0
 */
public record SegmentId(String subscription, int number) {

    /** As it stands in logs. */
    @Override
    public String toString() {
        return subscription + "/" + number;
    }
}
