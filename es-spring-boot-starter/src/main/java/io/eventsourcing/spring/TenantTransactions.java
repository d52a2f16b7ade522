package io.eventsourcing.spring;

import io.eventsourcing.core.tenant.TenantContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Sets the tenant at the beginning of each transaction of the application, for its own SQL and JPA: row-level security hides all rows
 * otherwise. The settings end with the transaction.
 */
final class TenantTransactions implements TransactionExecutionListener, SmartInitializingSingleton {

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)+");

    private final DataSource dataSource;
    private final ObjectProvider<ConfigurableTransactionManager> managers;
    private final List<TransactionSettings> others;
    private final boolean isOn;

    TenantTransactions(
            DataSource dataSource,
            ObjectProvider<ConfigurableTransactionManager> managers,
            List<TransactionSettings> others,
            boolean isOn) {
        this.dataSource = HandlerTransactions.unwrapped(dataSource);
        this.managers = managers;
        this.others = others;
        this.isOn = isOn;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (isOn) {
            managers.forEach(manager -> manager.addListener(this));
        }
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        if (failure == null && TransactionSynchronizationManager.hasResource(dataSource)) {
            Map<String, String> settings = new LinkedHashMap<>();
            others.forEach(other -> settings.putAll(other.current()));
            settings.keySet().forEach(TenantTransactions::check);
            settings.put("eventsourcing.tenant", TenantContext.current().value());
            set(settings);
        }
    }

    private static void check(String name) {
        if (!NAME.matcher(name).matches() || name.startsWith("eventsourcing.")) {
            throw new IllegalArgumentException("The setting '" + name
                    + "' of a transaction cannot be set. The transaction was not begun. Give it a name with a prefix of the application's own,"
                    + " such as app.user_role, in small letters.");
        }
    }

    private void set(Map<String, String> settings) {
        String sql = "select "
                + settings.keySet().stream()
                        .map(unused -> "set_config(?, ?, true)")
                        .collect(Collectors.joining(", "));
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int index = 0;
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                statement.setString(++index, setting.getKey());
                statement.setString(++index, setting.getValue());
            }
            statement.execute();
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("The tenant of a transaction could not be set.", e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }
}
