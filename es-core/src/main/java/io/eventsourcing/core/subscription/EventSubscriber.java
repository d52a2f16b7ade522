package io.eventsourcing.core.subscription;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a bean whose {@link EventHandler} methods have effects outside of the event store, such as mails: each event is handled at
 * least once, on one of the nodes, and the events of a stream in order. After a crash an event may be handled again: use its id to
 * tell.
 *
 * <p>For more choices, declare a bean of type {@link Subscription}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface EventSubscriber {

    /**
     * The identity of the subscription in the store, for ever: under another name it is a new one.
     *
     * @return the name; 1 to {@value Subscription#MAX_NAME_LENGTH} characters
     */
    String name();

    /**
     * Where it starts when the store meets it for the first time.
     *
     * @return the start; now unless said otherwise, so that old events cause no effects again
     */
    Start start() default Start.NOW;

    /** Where a subscriber starts. */
    enum Start {
        /** With the events that are appended from now on. */
        NOW,
        /** With the first event that there is. */
        BEGINNING
    }
}
