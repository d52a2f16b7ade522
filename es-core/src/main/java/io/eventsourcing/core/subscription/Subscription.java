package io.eventsourcing.core.subscription;

import io.eventsourcing.core.IdentifierRules;
import io.eventsourcing.core.log.LogFilter;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a handler wants to know of the log, and how. {@link Subscriptions} runs it, on any number of nodes at the same time: each
 * event is handled by one of them, and events with the same sequencing key one after the other, in the order of their positions.
 *
 * <p>A batch that fails is taken apart, and the event that fails is tried again after a pause, then parked: it and all later ones
 * with its key wait in order, while the others go on ({@link ParkedEvents}). An error that no retry mends stops the subscription
 * instead: {@link StopSubscriptionException}, a class that cannot be linked, SQL that does not fit the database.
 *
 * <p>Events of archived streams come as well: whether a stream was archived before or after it was handled must make no difference
 * to a read model. Events of deleted streams are gone. Immutable and thread-safe.
 */
public final class Subscription {

    /** How many segments a subscription has unless said otherwise: so many nodes or threads can share it. */
    public static final int DEFAULT_SEGMENTS = 16;

    /** The largest number of segments. */
    public static final int MAX_SEGMENTS = 1_024;

    /** The longest name, in UTF-16 code units. */
    public static final int MAX_NAME_LENGTH = 100;

    /** The largest batch. */
    public static final int MAX_BATCH = 10_000;

    private final String name;
    private final LogFilter filter;
    private final StartPosition start;
    private final SequencingPolicy sequencing;
    private final int segments;
    private final Delivery delivery;
    private final int batchSize;
    private final Duration linger;
    private final RetryPolicy retry;
    private final int parallelism;
    private final SubscriptionHandler handler;

    private Subscription(Builder builder, SubscriptionHandler handler) {
        this.name = builder.name;
        this.filter = builder.filter.withArchived();
        this.delivery = builder.delivery;
        this.sequencing = builder.sequencing;
        this.segments = sequencing.isSingle() ? 1 : builder.segments;
        this.batchSize = builder.batchSize;
        this.linger = builder.linger;
        this.retry = builder.retry;
        this.parallelism = Math.min(segments, builder.parallelism);
        this.handler = Objects.requireNonNull(handler, "The handler of subscription '" + name + "' is null.");
        StartPosition safe = delivery == Delivery.IN_TRANSACTION ? StartPosition.beginning() : StartPosition.now();
        this.start = builder.start == null ? safe : builder.start;
    }

    /**
     * Begins a subscription.
     *
     * @param name its identity in the store, for ever; 1 to {@value #MAX_NAME_LENGTH} characters
     * @return a builder
     * @throws IllegalArgumentException if the name cannot be one
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /**
     * Its identity in the store.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    LogFilter filter() {
        return filter;
    }

    StartPosition start() {
        return start;
    }

    SequencingPolicy sequencing() {
        return sequencing;
    }

    int segments() {
        return segments;
    }

    Delivery delivery() {
        return delivery;
    }

    int batchSize() {
        return batchSize;
    }

    Duration linger() {
        return linger;
    }

    RetryPolicy retry() {
        return retry;
    }

    int parallelism() {
        return parallelism;
    }

    SubscriptionHandler handler() {
        return handler;
    }

    /** Says what differs from the usual. Belongs to one thread. */
    public static final class Builder {

        private final String name;
        private LogFilter filter = LogFilter.ALL;
        private @Nullable StartPosition start;
        private SequencingPolicy sequencing = SequencingPolicy.byStream();
        private int segments = DEFAULT_SEGMENTS;
        private Delivery delivery = Delivery.AT_LEAST_ONCE;
        private int batchSize = 100;
        private Duration linger = Duration.ZERO;
        private RetryPolicy retry = RetryPolicy.DEFAULT;
        private int parallelism = 4;

        private Builder(String name) {
            this.name = IdentifierRules.check("name of a subscription", name, MAX_NAME_LENGTH);
        }

        /**
         * Which events are wanted; all of all tenants unless said otherwise.
         *
         * @param wanted the filter
         * @return this
         */
        public Builder filter(LogFilter wanted) {
            this.filter = Objects.requireNonNull(wanted, "The filter of subscription '" + name + "' is null.");
            return this;
        }

        /**
         * Where it starts when its store meets it for the first time. Unless said otherwise, {@link Delivery#AT_LEAST_ONCE} starts
         * now, so that old events cause no effects outside again, and {@link Delivery#IN_TRANSACTION} at the beginning.
         *
         * @param position the start
         * @return this
         */
        public Builder startingAt(StartPosition position) {
            this.start = Objects.requireNonNull(position, "The start of subscription '" + name + "' is null.");
            return this;
        }

        /**
         * Which events are handled one after the other; those of a stream unless said otherwise. It cannot be changed later.
         *
         * @param policy the policy
         * @return this
         */
        public Builder sequencedBy(SequencingPolicy policy) {
            this.sequencing =
                    Objects.requireNonNull(policy, "The sequencing policy of subscription '" + name + "' is null.");
            return this;
        }

        /**
         * In how many segments it is divided; {@value #DEFAULT_SEGMENTS} unless said otherwise. It cannot be changed later.
         *
         * @param number from 1 to {@value #MAX_SEGMENTS}
         * @return this
         */
        public Builder segments(int number) {
            this.segments = inRange("segments", number, MAX_SEGMENTS);
            return this;
        }

        /**
         * What it promises; {@link Delivery#AT_LEAST_ONCE} unless said otherwise.
         *
         * @param promise the promise
         * @return this
         */
        public Builder delivery(Delivery promise) {
            this.delivery = Objects.requireNonNull(promise, "The delivery of subscription '" + name + "' is null.");
            return this;
        }

        /**
         * How many events are handled in one call, and one transaction, at most; 100 unless said otherwise. A batch holds what is
         * there, and waits for more only if there is a {@link #linger}.
         *
         * @param events from 1 to {@value #MAX_BATCH}
         * @return this
         */
        public Builder batchSize(int events) {
            this.batchSize = inRange("events in a batch", events, MAX_BATCH);
            return this;
        }

        /**
         * For how long the first event of a batch that is not full waits for others; not at all unless said otherwise.
         *
         * @param time at most this
         * @return this
         */
        public Builder linger(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException(
                        "The linger of subscription '" + name + "' cannot be negative, but is " + time + ".");
            }
            this.linger = time;
            return this;
        }

        /**
         * How often an event is tried again; {@link RetryPolicy#DEFAULT} unless said otherwise.
         *
         * @param policy the policy
         * @return this
         */
        public Builder retry(RetryPolicy policy) {
            this.retry = Objects.requireNonNull(policy, "The retry policy of subscription '" + name + "' is null.");
            return this;
        }

        /**
         * How many segments a node works on at the same time, each on a thread of its own; 4 unless said otherwise. With
         * {@link Delivery#IN_TRANSACTION} each of them uses a connection while it handles a batch.
         *
         * @param threads from 1 to {@value #MAX_SEGMENTS}
         * @return this
         */
        public Builder parallelism(int threads) {
            this.parallelism = inRange("threads", threads, MAX_SEGMENTS);
            return this;
        }

        private int inRange(String what, int number, int largest) {
            if (number < 1 || number > largest) {
                throw new IllegalArgumentException("The number of " + what + " of subscription '" + name + "' is "
                        + number + ". It was not made. Give 1 to " + largest + ".");
            }
            return number;
        }

        /**
         * Completes it.
         *
         * @param handler what handles the events
         * @return the subscription
         */
        public Subscription handledBy(SubscriptionHandler handler) {
            return new Subscription(this, handler);
        }
    }
}
