package io.eventsourcing.postgres;

import io.eventsourcing.core.subscription.StopSubscriptionException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs work in a transaction that the statements of the store join. What the work throws passes through as it is; an error of
 * the begin or the commit is translated as every other. A transaction manager that cannot do what it is asked for is no event's fault:
 * that is a {@link StopSubscriptionException}.
 */
final class StoreTransaction {

    /**
     * PostgreSQL ends the session of an owner that is suspended within its transaction: nobody else could take its segment over, as
     * long as the row is locked. A shorter limit of the session stays. A worker that is suspended locks nothing until its command ends.
     */
    private static final String LIMIT_IDLE_TIME = """
            select set_config('idle_in_transaction_session_timeout', '30s', true)
            where current_setting('idle_in_transaction_session_timeout')::interval not between '1ms' and '30s'""";

    private final StoreConnection connection;
    private final TransactionTemplate template;

    private final boolean limitsIdleTime;

    private StoreTransaction(
            StoreConnection connection, PlatformTransactionManager transactionManager, int propagation) {
        this.limitsIdleTime = propagation == TransactionDefinition.PROPAGATION_REQUIRES_NEW;
        this.connection = connection;
        this.template = new TransactionTemplate(transactionManager);
        template.setPropagationBehavior(propagation);
        template.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /** Always a transaction of its own. */
    static StoreTransaction ofItsOwn(StoreConnection connection, PlatformTransactionManager manager) {
        return new StoreTransaction(connection, manager, TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** The one that surrounds it, if there is one, which is lost with it. */
    static StoreTransaction joining(StoreConnection connection, PlatformTransactionManager manager) {
        return new StoreTransaction(connection, manager, TransactionDefinition.PROPAGATION_REQUIRED);
    }

    /** The one that surrounds it, if there is one, of which only this part is lost. */
    static StoreTransaction nested(StoreConnection connection, PlatformTransactionManager manager) {
        return new StoreTransaction(connection, manager, TransactionDefinition.PROPAGATION_NESTED);
    }

    <T> T run(Supplier<T> work) {
        return run(work, SqlErrors.ofRepeatable());
    }

    /** Runs work of which it matters whether its transaction was committed. */
    <T> T run(Supplier<T> work, SqlErrors errors) {
        AtomicReference<@Nullable RuntimeException> ofWork = new AtomicReference<>();
        AtomicBoolean hasBegun = new AtomicBoolean();
        try {
            return template.execute(status -> {
                hasBegun.set(true);
                prepare(status);
                try {
                    return work.get();
                } catch (RuntimeException e) {
                    ofWork.set(e);
                    throw e;
                }
            });
        } catch (TransactionException | DataAccessException e) {
            RuntimeException thrown = ofWork.get();
            // a rollback that fails as well says less than the reason for it
            throw thrown == null ? translate(e, hasBegun.get(), errors) : thrown;
        }
    }

    private void prepare(TransactionStatus status) {
        if (!connection.isInTransaction()) {
            throw new StopSubscriptionException(
                    "The transaction manager begins no transactions for the DataSource of the checkpoints, so that what is handled"
                            + " and the checkpoint would not be committed together. Nothing was done. Give PostgresCheckpoints the"
                            + " DataSource of its transaction manager.");
        }
        if (limitsIdleTime && status.isNewTransaction()) { // the settings of a foreign one stay
            connection.run(LIMIT_IDLE_TIME, PreparedStatement::execute);
        }
    }

    private static RuntimeException translate(RuntimeException e, boolean hasBegun, SqlErrors errors) {
        Optional<SQLException> cause = sqlErrorIn(e);
        if (cause.isEmpty()) {
            return hasBegun ? e : stopped(e);
        }
        return e instanceof CannotCreateTransactionException
                ? SqlErrors.notConnected(cause.get())
                : errors.translate(cause.get(), false);
    }

    /** Without an SQL error, a begin fails for what the manager is, and not for what the database is doing. */
    private static StopSubscriptionException stopped(RuntimeException e) {
        return new StopSubscriptionException(
                "The transaction manager could not begin a READ COMMITTED transaction for the DataSource of the checkpoints ("
                        + e.getMessage()
                        + "). Nothing was done. Give PostgresCheckpoints a transaction manager that can.",
                e);
    }

    private static Optional<SQLException> sqlErrorIn(@Nullable Throwable e) {
        if (e == null) {
            return Optional.empty();
        }
        return e instanceof SQLException found ? Optional.of(found) : sqlErrorIn(e.getCause());
    }
}
