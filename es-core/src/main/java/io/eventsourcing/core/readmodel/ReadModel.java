package io.eventsourcing.core.readmodel;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record whose instances are the rows of a read model. Each component is a column, named in snake case; those with {@link Id}
 * identify a row, within its tenant. A component that may be null has JSpecify's {@code @Nullable}; what has none is never null.
 *
 * <p>Texts, whole and decimal numbers, booleans, UUIDs, dates, times, instants, enums and bytes have columns of their own type; lists,
 * sets, maps and records are kept as JSON.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ReadModel {

    /**
     * The table that holds the rows.
     *
     * @return its name, 1 to {@value ReadModelType#MAX_TABLE_LENGTH} of the characters a-z, 0-9 and _; the name of the record in snake
     *     case unless said otherwise
     */
    String table() default "";
}
