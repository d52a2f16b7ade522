package io.eventsourcing.core.readmodel;

import io.eventsourcing.core.readmodel.ReadModelQuery.Sort;
import io.eventsourcing.core.readmodel.RowQuery.Order;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a read model in a store, for the current tenant. Thread-safe.
 *
 * @param <T> the {@link ReadModel} record
 */
public final class TenantReadModel<T> implements ReadModelPort<T> {

    private final ReadModelType<T> type;
    private final ReadModelStorePort store;

    /**
     * Reads nothing yet.
     *
     * @param type what a row is
     * @param store keeps the rows
     */
    public TenantReadModel(ReadModelType<T> type, ReadModelStorePort store) {
        this.type = type;
        this.store = store;
    }

    @Override
    public Optional<T> get(Object... id) {
        RowKey key = asArguments(() -> type.key(TenantContext.current(), id));
        Map<Integer, @Nullable Object> equal = new HashMap<>();
        for (int i = 0; i < key.id().size(); i++) {
            equal.put(type.columns().indexOf(type.idColumns().get(i)), key.id().get(i));
        }
        return store.find(type, new RowQuery(key.tenant(), equal, idOrder(Set.of()), null, 1)).stream()
                .findFirst()
                .map(type::toRecord);
    }

    @Override
    public ReadModelPage<T> find(ReadModelQuery query) {
        RowQuery rows = asArguments(() -> stored(TenantContext.current(), query));
        List<Row> found = store.find(type, rows);
        boolean isLast = found.size() <= query.limit();
        List<Row> page = isLast ? found : found.subList(0, query.limit());
        return new ReadModelPage<>(
                page.stream().map(type::toRecord).toList(),
                isLast ? null : PageCursor.after(page.get(page.size() - 1), rows.order()));
    }

    /** One more than the page holds tells whether there is another one. */
    private RowQuery stored(TenantId tenant, ReadModelQuery query) {
        Map<Integer, @Nullable Object> equal = new HashMap<>();
        query.equal().forEach((component, value) -> {
            int place = type.placeOf(component);
            equal.put(place, value == null ? null : type.toStored(place, value));
        });
        List<Order> order = new ArrayList<>();
        for (Sort sort : query.sort()) {
            Order column = order(type.placeOf(sort.component()), sort.isDescending());
            if (!column.type().hasOrder()) {
                throw new IllegalArgumentException("The rows of the read model '" + type.table()
                        + "' cannot be sorted by '" + sort.component()
                        + "', which has no order. Nothing was read. Sort by another component.");
            }
            order.add(column);
        }
        order.addAll(idOrder(order.stream().map(Order::place).collect(Collectors.toSet())));
        String after = query.after();
        return new RowQuery(
                tenant, equal, order, after == null ? null : PageCursor.read(after, order), query.limit() + 1);
    }

    private List<Order> idOrder(Set<Integer> without) {
        return type.idColumns().stream()
                .map(type.columns()::indexOf)
                .filter(place -> !without.contains(place))
                .map(place -> order(place, false))
                .toList();
    }

    private Order order(int place, boolean isDescending) {
        return new Order(place, type.columns().get(place).type(), isDescending);
    }

    /** What a query asks for is an argument, and no row that is written. */
    private <R> R asArguments(Supplier<R> made) {
        try {
            return made.get();
        } catch (ReadModelException e) {
            throw new IllegalArgumentException(
                    "A value that rows of the read model '" + type.table()
                            + "' are looked for by fits no row. Nothing was read. " + e.getMessage(),
                    e);
        }
    }
}
