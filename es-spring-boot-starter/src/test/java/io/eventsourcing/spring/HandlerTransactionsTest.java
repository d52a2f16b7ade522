package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;

import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

class HandlerTransactionsTest {

    private final DataSource dataSource = new PGSimpleDataSource();

    private static PlatformTransactionManager chosen(DataSource dataSource, PlatformTransactionManager... managers) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        for (PlatformTransactionManager manager : managers) {
            beans.registerSingleton("manager" + beans.getSingletonCount(), manager);
        }
        return HandlerTransactions.managerOf(dataSource, beans.getBeanProvider(PlatformTransactionManager.class));
    }

    private void isOneOfItsOwn(PlatformTransactionManager chosen, PlatformTransactionManager... others) {
        assertThat(chosen)
                .isNotIn((Object[]) others)
                .isInstanceOfSatisfying(
                        DataSourceTransactionManager.class,
                        own -> assertThat(own.getDataSource()).isSameAs(dataSource));
    }

    @Test
    void takesTheApplicationsForTheSameDataSource() {
        PlatformTransactionManager manager = new DataSourceTransactionManager(dataSource);

        assertThat(chosen(dataSource, manager)).isSameAs(manager);
        assertThat(chosen(new TransactionAwareDataSourceProxy(dataSource), manager))
                .isSameAs(manager);
    }

    @Test
    void takesOneOfItsOwnWhereTheApplicationsIsForSomethingElse() {
        PlatformTransactionManager ofAnother = new DataSourceTransactionManager(new PGSimpleDataSource());
        PlatformTransactionManager ofMessages = new OfMessages();

        isOneOfItsOwn(chosen(dataSource));
        isOneOfItsOwn(chosen(dataSource, ofAnother), ofAnother);
        isOneOfItsOwn(chosen(dataSource, ofMessages), ofMessages);
    }

    @Test
    void takesOneOfItsOwnWhereTheApplicationHasSeveral() {
        PlatformTransactionManager one = new DataSourceTransactionManager(dataSource);
        PlatformTransactionManager other = new DataSourceTransactionManager(dataSource);

        isOneOfItsOwn(chosen(dataSource, one, other), one, other);
    }

    /** Such as that of a broker. */
    private static final class OfMessages extends AbstractPlatformTransactionManager {

        private static final long serialVersionUID = 1L;

        @Override
        protected Object doGetTransaction() {
            return this;
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }
}
