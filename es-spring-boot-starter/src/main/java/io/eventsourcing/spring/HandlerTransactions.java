package io.eventsourcing.spring;

import javax.sql.DataSource;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;

/** Chooses who begins the transactions that handlers write in. */
final class HandlerTransactions {

    private HandlerTransactions() {}

    /**
     * The application's one transaction manager, or its primary one, if its transactions are those of this DataSource: so an
     * EntityManager takes part as well, where it is one of JPA. Otherwise one for this DataSource alone.
     */
    static PlatformTransactionManager managerOf(
            DataSource dataSource, ObjectProvider<PlatformTransactionManager> managers) {
        PlatformTransactionManager manager = managers.getIfUnique();
        return manager != null && isOf(dataSource, manager) ? manager : new DataSourceTransactionManager(dataSource);
    }

    /** The managers of JDBC, JPA and Hibernate have such a property. They unwrap a proxy as is done here. */
    private static boolean isOf(DataSource dataSource, PlatformTransactionManager manager) {
        BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(manager);
        return properties.isReadableProperty("dataSource")
                && properties.getPropertyValue("dataSource") == unwrapped(dataSource);
    }

    /** The DataSource that transactions are bound to. */
    static DataSource unwrapped(DataSource dataSource) {
        DataSource target =
                dataSource instanceof TransactionAwareDataSourceProxy proxy ? proxy.getTargetDataSource() : null;
        return target == null ? dataSource : unwrapped(target);
    }
}
