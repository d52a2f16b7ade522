package io.eventsourcing.core.readmodel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of rows.
 *
 * @param rows the rows, in the order that was asked for
 * @param next where the next page begins, for {@link ReadModelQuery#after}; null if this is the last one
 * @param <T> the {@link ReadModel} record
 */
public record ReadModelPage<T>(List<T> rows, @Nullable String next) {

    /** Copies the rows. */
    public ReadModelPage {
        rows = List.copyOf(rows);
    }
}
