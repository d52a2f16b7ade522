package io.eventsourcing.spring;

import io.eventsourcing.core.log.AppendInFlight;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.HighWaterMark;
import io.eventsourcing.core.subscription.SegmentProgress;
import io.eventsourcing.core.subscription.SubscriptionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Says how far the log may be read, who holds it back, and how the subscriptions of this node are doing. Down if the log cannot be
 * read, if one append has held it back for 30 seconds, and if a subscription has stopped or cannot go on. Where the database does not tell
 * for how long an append has lasted, the time counts from the first look that found it.
 */
final class EventLogHealthIndicator extends AbstractHealthIndicator {

    private static final Duration TOO_LONG = Duration.ofSeconds(30);

    private final EventLogPort log;
    private final Supplier<List<SubscriptionStatus>> subscriptions;
    private final HeldBack heldBack;

    EventLogHealthIndicator(EventLogPort log, Supplier<List<SubscriptionStatus>> subscriptions, LongSupplier nanoTime) {
        super("The log cannot be read");
        this.log = log;
        this.subscriptions = subscriptions;
        this.heldBack = new HeldBack(nanoTime);
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        HighWaterMark mark = log.highWaterMark();
        builder.up().withDetail("mark", mark.position().value()).withDetail("lag", mark.lag());
        Duration seen = heldBack.look(mark);
        mark.heldBackBy().ifPresent(append -> report(builder, append, seen));
        report(builder, subscriptions.get());
    }

    private static void report(Health.Builder builder, List<SubscriptionStatus> subscriptions) {
        List<String> withParked = subscriptions.stream()
                .filter(subscription -> subscription.segments().stream().anyMatch(SegmentProgress::hasParked))
                .map(SubscriptionStatus::name)
                .toList();
        if (!withParked.isEmpty()) {
            builder.withDetail("parkedEventsOf", withParked);
        }
        Map<String, String> problems = new TreeMap<>();
        for (SubscriptionStatus subscription : subscriptions) {
            String problem = subscription.isStopped() ? "stopped: " + subscription.stoppedBy() : subscription.problem();
            if (problem != null) {
                problems.put(subscription.name(), problem);
            }
        }
        if (!problems.isEmpty()) {
            builder.down().withDetail("subscriptions", problems);
        }
    }

    private static void report(Health.Builder builder, AppendInFlight append, Duration seen) {
        Duration told = append.age();
        Duration age = told == null ? seen : told;
        builder.withDetail(
                "heldBackBy", told == null ? append + ", for " + seen.toMillis() + " ms or more" : append.toString());
        if (age.compareTo(TOO_LONG) >= 0) {
            builder.down();
        }
    }
}
