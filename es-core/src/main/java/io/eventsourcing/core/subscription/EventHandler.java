package io.eventsourcing.core.subscription;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that handles events. Its first parameter says which: an event class, an interface of several, or
 * {@link io.eventsourcing.core.event.RecordedEvent} for all. After it may come an
 * {@link io.eventsourcing.core.event.EventMetadata}, a {@link io.eventsourcing.core.event.RecordedEvent} and a
 * {@link io.eventsourcing.core.event.GlobalPosition}, in any order. It returns nothing.
 *
 * <p>Of several methods that fit an event, the one with the most specific first parameter is called.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface EventHandler {}
