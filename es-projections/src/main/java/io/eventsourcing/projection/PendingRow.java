package io.eventsourcing.projection;

import io.eventsourcing.core.readmodel.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a batch knows of one row, and what it has made of it. */
final class PendingRow {

    /** Null if there is none, or it is not known. */
    private @Nullable Row row;

    private boolean isKnown;
    private boolean isChanged;

    /** What is to be done to a row that is not known yet. */
    private final List<UnaryOperator<Row>> changes = new ArrayList<>();

    void put(Row whole) {
        changes.clear();
        row = whole;
        isKnown = true;
        isChanged = true;
    }

    void delete() {
        changes.clear();
        row = null;
        isKnown = true;
        isChanged = true;
    }

    /** Changes the row, now or when it is known; false if it is known that there is none. */
    boolean change(UnaryOperator<Row> change) {
        if (!isKnown) {
            changes.add(change);
            return true;
        }
        if (row == null) {
            return false;
        }
        row = change.apply(row);
        isChanged = true;
        return true;
    }

    /** Takes the row as it is stored; false if there is none that could be changed. */
    boolean isStoredAs(@Nullable Row stored) {
        isKnown = true;
        row = stored;
        if (changes.isEmpty()) {
            return true;
        }
        if (row == null) {
            return false;
        }
        for (UnaryOperator<Row> change : changes) {
            row = change.apply(row);
        }
        changes.clear();
        isChanged = true;
        return true;
    }

    boolean isKnown() {
        return isKnown;
    }

    @Nullable
    Row row() {
        return row;
    }

    boolean isToWrite() {
        return isChanged && row != null;
    }

    boolean isToDelete() {
        return isChanged && row == null;
    }
}
