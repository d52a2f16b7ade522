package io.eventsourcing.postgres;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.EventLogPort;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.RetryPolicy;
import io.eventsourcing.core.subscription.RetryResult;
import io.eventsourcing.core.subscription.StartPosition;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.SubscriptionHandler;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.Subscriptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A node with a subscription of one delivery, which notes what it handles. */
final class NotingNode implements AutoCloseable {

    private final String name;
    private final LogTail tail;
    private final Subscriptions subscriptions;
    private final List<GlobalPosition> handled = Collections.synchronizedList(new ArrayList<>());

    /** With a handler that fails at a position, if one is given. */
    NotingNode(DataSource dataSource, Delivery delivery, Duration lease, @Nullable GlobalPosition poison) {
        EventLogPort log = new PostgresEventLog(dataSource, Noted.SERIALIZATION);
        this.name = "noting-" + delivery;
        this.tail = new LogTail(log, Noted.SERIALIZATION, TailSettings.DEFAULT);
        this.subscriptions = new Subscriptions(
                tail,
                log,
                new PostgresCheckpoints(dataSource),
                new SubscriptionSettings("node", lease, Duration.ofSeconds(10)));
        subscriptions.start(Subscription.named(name)
                .startingAt(StartPosition.beginning())
                .delivery(delivery)
                .batchSize(1) // what was noted is not rolled back with the rest of a batch
                .retry(new RetryPolicy(1, Duration.ZERO, Duration.ZERO))
                .handledBy(SubscriptionHandler.each(event -> {
                    if (event.position().equals(poison)) {
                        throw new IllegalStateException("poison");
                    }
                    handled.add(event.position());
                })));
    }

    List<GlobalPosition> handled() {
        return List.copyOf(handled);
    }

    List<ParkedEvent> parked() {
        return subscriptions.parked().list(new ParkedQuery(name, null, GlobalPosition.START, 100));
    }

    RetryResult retry(ParkedEvent parked) {
        return subscriptions.parked().retry(name, parked.key());
    }

    @Override
    public void close() {
        subscriptions.close();
        tail.close();
    }
}
