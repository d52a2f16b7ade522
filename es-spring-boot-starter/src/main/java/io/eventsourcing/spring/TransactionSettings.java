package io.eventsourcing.spring;

import java.util.Map;

/**
 * Gives settings of the database session that row-level security policies of the application ask for, such as the user's role. They are set at
 * the beginning of each transaction of the application, together with the tenant, if {@code eventsourcing.tenancy.in-transactions} is on.
 */
@FunctionalInterface
public interface TransactionSettings {

    /**
     * The settings of a transaction that the current thread begins.
     *
     * @return values by names, which have a prefix of the application's own, such as {@code app.user_role}
     */
    Map<String, String> current();
}
