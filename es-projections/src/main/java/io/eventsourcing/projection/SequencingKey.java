package io.eventsourcing.projection;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method of a {@link Projection} that tells by what events belong together: those with the same text, of one tenant, are handled
 * one after the other. It takes a {@link io.eventsourcing.core.event.RecordedEvent} and returns a text of 1 to 500 characters, always
 * the same for the same event. What it throws stops the projection.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface SequencingKey {}
