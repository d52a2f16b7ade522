package io.eventsourcing.projection;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.readmodel.ReadModelStorePort;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.readmodel.Row;
import io.eventsourcing.core.tenant.TenantId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The unit of work of a projection: what handlers change while events are handled, until it is written at the end. Belongs to the thread
 * that handles them.
 */
final class Batch implements AutoCloseable {

    private static final ThreadLocal<@Nullable Batch> CURRENT = new ThreadLocal<>();

    private final String projection;
    private final ReadModelStorePort store;
    private final Function<ReadModelType<?>, @Nullable ReadModelTable> tables;
    private final Map<ReadModelType<?>, PendingRows> rows = new HashMap<>();
    private final @Nullable Batch surrounding;
    private @Nullable TenantId tenant;

    private Batch(
            String projection,
            ReadModelStorePort store,
            Function<ReadModelType<?>, @Nullable ReadModelTable> tables,
            @Nullable Batch surrounding) {
        this.projection = projection;
        this.store = store;
        this.tables = tables;
        this.surrounding = surrounding;
    }

    /**
     * Begins a batch on this thread.
     *
     * @param projection for error texts
     * @param store keeps the rows
     * @param tables where the rows of a read model go; null for one that is not the projection's
     */
    static Batch begin(
            String projection, ReadModelStorePort store, Function<ReadModelType<?>, @Nullable ReadModelTable> tables) {
        Batch begun = new Batch(projection, store, tables, CURRENT.get());
        CURRENT.set(begun);
        return begun;
    }

    /** The batch of this thread. */
    static Batch current(ReadModelType<?> type) {
        Batch current = CURRENT.get();
        if (current == null) {
            throw new IllegalStateException("The updater of the read model '" + type.table()
                    + "' was used outside of a batch. Nothing was written. Use it in @EventHandler methods of a @Projection alone, on the"
                    + " thread that calls them; to read elsewhere, take a ReadModelPort.");
        }
        return current;
    }

    /** The event that is handled next. */
    void on(RecordedEvent event) {
        tenant = event.stream().tenant();
    }

    TenantId tenant() {
        return Objects.requireNonNull(tenant);
    }

    PendingRows rows(ReadModelType<?> type) {
        return rows.computeIfAbsent(type, this::pending);
    }

    private PendingRows pending(ReadModelType<?> type) {
        ReadModelTable table = tables.apply(type);
        if (table == null) {
            throw new IllegalStateException(
                    "The projection '" + projection + "' used the updater of the read model '"
                            + type.table()
                            + "', which is not one of its own, so that a rebuild would not know of it. Nothing was written. Name it among the"
                            + " read models of the projection; with Spring, inject the updater into the bean of the projection.");
        }
        return new PendingRows(table, store);
    }

    /** Writes what has changed, table after table in the order of their names. */
    void flush() {
        List<PendingRows> sorted = rows.values().stream()
                .sorted(Comparator.comparing(pending -> pending.table().name()))
                .toList();
        sorted.forEach(PendingRows::flush);
    }

    /** All rows that there are, where nothing is stored. */
    Map<ReadModelType<?>, Collection<Row>> all() {
        Map<ReadModelType<?>, Collection<Row>> all = new HashMap<>();
        rows.forEach((type, pending) -> all.put(type, pending.all()));
        return all;
    }

    @Override
    public void close() {
        if (surrounding == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(surrounding);
        }
    }
}
