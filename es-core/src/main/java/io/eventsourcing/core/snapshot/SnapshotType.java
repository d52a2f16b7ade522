package io.eventsourcing.core.snapshot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a state's class the stable name and the schema version under which its snapshots are stored.
 *
 * <p>Raise {@link #schemaVersion()} with every change of the class that changes its meaning or its JSON. Snapshots of an
 * older version are then upcast where upcasters lead to the new one, and ignored otherwise.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface SnapshotType {

    /**
     * The stable name, such as {@code order}; never changed when the class is renamed or moved.
     *
     * @return the name
     */
    String value();

    /**
     * The version of the state's shape, from 1 on.
     *
     * @return the schema version
     */
    int schemaVersion() default 1;
}
