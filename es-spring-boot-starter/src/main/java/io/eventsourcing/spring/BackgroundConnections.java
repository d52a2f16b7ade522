package io.eventsourcing.spring;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.DataSourceUnwrapper;

/**
 * The connections of what works in the background, apart from the application's, so that a busy application does not cost a node its
 * lease, and a subscription that catches up takes no connection from a request.
 */
final class BackgroundConnections implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(BackgroundConnections.class);

    private final DataSource dataSource;
    private final DataSource transactions;

    private BackgroundConnections(DataSource dataSource, DataSource transactions) {
        this.dataSource = dataSource;
        this.transactions = transactions;
    }

    /** Those of the system role. */
    static BackgroundConnections given(DataSource system) {
        return new BackgroundConnections(system, system);
    }

    /** A small pool that connects as the application's does. */
    static BackgroundConnections beside(DataSource application, int poolSize) {
        HikariDataSource pool =
                DataSourceUnwrapper.unwrap(application, HikariConfigMXBean.class, HikariDataSource.class);
        if (pool == null) {
            LOGGER.info(
                    "The application's DataSource is no HikariCP pool, so what works in the background shares its connections. To give"
                            + " it its own, declare a DataSource with @EventStoreSystemDataSource.");
            return new BackgroundConnections(application, application);
        }
        HikariConfig config = new HikariConfig();
        pool.copyStateTo(config);
        config.setPoolName("eventsourcing-background");
        config.setMaximumPoolSize(poolSize);
        config.setMinimumIdle(1);
        config.setLeakDetectionThreshold(0); // one connection is kept to listen on
        LimitedWaits.limit(config);
        return new BackgroundConnections(new HikariDataSource(config), application);
    }

    /** For what needs no other part in a transaction. */
    DataSource dataSource() {
        return dataSource;
    }

    /** For transactions that handlers write in as well: the DataSource that they know. */
    DataSource transactions() {
        return transactions;
    }

    /** A single connection at another address, as the same user unless the address names one. */
    HikariDataSource at(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        HikariDataSource pool =
                DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class, HikariDataSource.class);
        if (pool != null) {
            config.setUsername(pool.getUsername());
            config.setPassword(pool.getPassword());
        }
        config.setPoolName("eventsourcing-listener");
        config.setMaximumPoolSize(1);
        config.setInitializationFailTimeout(-1);
        LimitedWaits.limit(config);
        return new HikariDataSource(config);
    }

    /** Closes what was made here. */
    @Override
    public void close() {
        if (dataSource != transactions && dataSource instanceof HikariDataSource own) {
            own.close();
        }
    }
}
