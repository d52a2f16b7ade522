package io.eventsourcing.core.command;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a bean that handles commands which no {@link io.eventsourcing.core.aggregate.Decider} does. Its first parameter is the
 * command; after it may come an {@link io.eventsourcing.core.event.EventMetadata}, which is that of its effects, and a
 * {@link CommandId}. What it returns is the value of the result; a {@link CommandResult} is the result itself.
 *
 * <p>It runs in a transaction with the end of the command: what it writes to the same database, such as appends, is committed together with
 * it, or not at all. It may be called again after an error.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface CommandHandler {

    /**
     * The type of the streams that the commands are meant for, with the id that {@link TargetId} or {@link Targeted} tells: those for one
     * stream are handled one after the other. Without it each command is alone.
     *
     * @return the type; empty for none
     */
    String target() default "";
}
