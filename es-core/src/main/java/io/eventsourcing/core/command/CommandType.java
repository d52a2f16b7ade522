package io.eventsourcing.core.command;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a command's class the stable name and the schema version under which commands are stored. The Java name is never stored: the
 * class may be renamed and moved while commands of it wait.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface CommandType {

    /**
     * The stable name, such as {@code place-order}; unique among the application's commands.
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
