package io.eventsourcing.projection;

import io.eventsourcing.core.subscription.Subscription;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a bean whose {@link io.eventsourcing.core.subscription.EventHandler} methods keep read models, by
 * {@link io.eventsourcing.core.readmodel.ReadModelUpdaterPort}s and nothing else: each event counts exactly once in their rows, and may
 * be handled again for a rebuild. So handlers have no effects outside; those are for
 * {@link io.eventsourcing.core.subscription.EventSubscriber}.
 *
 * <p>The events of a stream come in order. A projection whose rows take from several streams says by which tag or function they are told
 * apart, or that it is single: otherwise two segments would lose each other's changes.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Projection {

    /**
     * The identity of the projection in the store, for ever.
     *
     * @return the name; 1 to {@value ProjectionDefinition#MAX_NAME_LENGTH} characters
     */
    String name();

    /**
     * The version of what its handlers make of the events. With a higher one than before, its tables are built anew beside the live
     * ones, and take their place when they have caught up.
     *
     * @return the version, from 1 on
     */
    int version() default 1;

    /**
     * When its rows are written.
     *
     * @return the mode
     */
    ProjectionMode mode() default ProjectionMode.ASYNC;

    /**
     * Whether all events, of all streams and tenants, are handled one after the other.
     *
     * @return true if they are
     */
    boolean single() default false;

    /**
     * The key of the tag that events have in common which are handled one after the other. For a function instead, see
     * {@link SequencingKey}.
     *
     * @return the key of a tag; empty if they go by stream
     */
    String tag() default "";

    /**
     * How many events are handled and committed together at most.
     *
     * @return from 1 to {@value Subscription#MAX_BATCH}
     */
    int batchSize() default 1_000;
}
