package io.eventsourcing.core.event;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives an event's class the stable name and the schema version under which its events are stored. The Java name is never
 * stored: the class may be renamed and moved at will.
 *
 * <p>Raise {@link #schemaVersion()} when the JSON of the class changes so that older events no longer fit, and register an
 * upcaster from the version before.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface EventType {

    /**
     * The stable name, such as {@code order-placed}; unique among the application's events.
     *
     * @return the name
     */
    String value();

    /**
     * The version of the payload's shape, from 1 on.
     *
     * @return the schema version
     */
    int schemaVersion() default 1;
}
