package io.eventsourcing.postgres;

import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * Whether small appends of one tenant that several threads make at the same time, outside of transactions, are written
 * together: in one transaction, on the connection of one of these threads. Each is still written or refused on its own.
 *
 * <p>That is several times as fast under load, and wrong where a connection depends on the thread that asks for it: its
 * database, login, role or session settings would be another caller's.
 */
public enum SharedCommits {

    /**
     * On DataSources whose connections are known not to depend on the thread: HikariCP's, Tomcat's, Commons DBCP's, the
     * PostgreSQL driver's and Spring's plain ones, also behind Spring's transaction proxies. Not on any other, and not on
     * subclasses of these.
     */
    AUTOMATIC,

    /** Always: no connection depends on the thread that asks for it. */
    ALWAYS,

    /** Never: each append has a transaction of its own. */
    NEVER;

    private static final Set<String> INDEPENDENT_OF_THE_THREAD = Set.of(
            "com.zaxxer.hikari.HikariDataSource",
            "org.apache.tomcat.jdbc.pool.DataSource",
            "org.apache.commons.dbcp2.BasicDataSource",
            "org.postgresql.ds.PGSimpleDataSource",
            "org.springframework.jdbc.datasource.DriverManagerDataSource",
            "org.springframework.jdbc.datasource.SimpleDriverDataSource",
            "org.springframework.jdbc.datasource.SingleConnectionDataSource");

    private static final Set<Class<?>> TRANSPARENT = Set.of(
            DelegatingDataSource.class, LazyConnectionDataSourceProxy.class, TransactionAwareDataSourceProxy.class);

    boolean allowedOn(DataSource dataSource) {
        return this == ALWAYS || (this == AUTOMATIC && isIndependentOfTheThread(dataSource));
    }

    private static boolean isIndependentOfTheThread(@Nullable DataSource dataSource) {
        if (dataSource == null) {
            return false;
        }
        if (dataSource instanceof DelegatingDataSource proxy && TRANSPARENT.contains(proxy.getClass())) {
            return isIndependentOfTheThread(proxy.getTargetDataSource());
        }
        return INDEPENDENT_OF_THE_THREAD.contains(dataSource.getClass().getName());
    }
}
