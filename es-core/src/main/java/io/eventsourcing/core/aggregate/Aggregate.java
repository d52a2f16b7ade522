package io.eventsourcing.core.aggregate;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says which streams a {@link Decider} is for. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Aggregate {

    /**
     * The type of the streams, such as {@code order}.
     *
     * @return the type
     */
    String value();
}
