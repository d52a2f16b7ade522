package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.readmodel.InlineProjectionPort.Handler;
import io.eventsourcing.core.tenant.TenantId;
import java.sql.ResultSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** The inline projections that take part in the transactions of appends. */
final class InlineHandlers {

    private static final String SET_TENANT =
            "select current_setting('eventsourcing.tenant', true), set_config('eventsourcing.tenant', ?, true)";

    private final List<Handler> handlers = new CopyOnWriteArrayList<>();
    private final StoreConnection connection;
    private final StoreTransaction transaction;

    InlineHandlers(StoreConnection connection, DataSource dataSource) {
        this.connection = connection;
        this.transaction = StoreTransaction.ofItsOwn(connection, new DataSourceTransactionManager(dataSource));
    }

    void join(Handler handler) {
        handlers.add(handler);
    }

    void leave(Handler handler) {
        handlers.remove(handler);
    }

    boolean areConcernedBy(List<SerializedAppend> appends) {
        if (handlers.isEmpty() || appends.isEmpty()) {
            return false;
        }
        Set<String> types = appends.stream()
                .flatMap(append -> append.events().stream())
                .map(event -> event.payload().type().name())
                .collect(Collectors.toSet());
        return handlers.stream().anyMatch(handler -> handler.isConcernedBy(types));
    }

    /**
     * Appends, and has the handlers handle that, all in one transaction.
     *
     * @param tenant whose events they are
     * @param errors what errors mean
     * @param append appends in the transaction that surrounds it
     * @param appended what that has appended
     */
    <T> T with(TenantId tenant, SqlErrors errors, Supplier<T> append, Function<T, List<AppendResult>> appended) {
        Supplier<T> both = () -> {
            T result = append.get();
            handle(tenant, appended.apply(result));
            return result;
        };
        return connection.isInTransaction() ? connection.inSavepoint(both, errors) : transaction.run(both, errors);
    }

    private void handle(TenantId tenant, List<AppendResult> appends) {
        if (appends.isEmpty()) {
            return;
        }
        String callers = setTenant(tenant.value());
        handlers.forEach(handler -> handler.appended(appends));
        setTenant(callers == null ? "" : callers);
    }

    private @Nullable String setTenant(String tenant) {
        return connection.run(SET_TENANT, statement -> {
            new Binder(statement).text(tenant);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        });
    }
}
