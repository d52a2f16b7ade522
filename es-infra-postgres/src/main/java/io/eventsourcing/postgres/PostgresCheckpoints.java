package io.eventsourcing.postgres;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.subscription.Lease;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.Parking;
import io.eventsourcing.core.subscription.SegmentId;
import io.eventsourcing.core.subscription.SegmentState;
import io.eventsourcing.core.subscription.Sequencing;
import io.eventsourcing.core.subscription.StopSubscriptionException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * What subscriptions share, on PostgreSQL 15 to 18: a batch that is written to the same database counts exactly once, whichever node
 * wakes late.
 *
 * <p>Each call is one statement. It joins the Spring transaction that surrounds it, if there is one for the same DataSource, and
 * otherwise commits its own. {@link #inTransaction} always begins one, READ COMMITTED, on a connection of its own. A manager that can begin
 * none for the DataSource stops the subscription ({@link StopSubscriptionException}), and no event is parked. The login must be that of
 * the system role, where there is one ({@link EventStoreRoles}).
 *
 * <p>A transaction of {@link #inTransaction} in which nothing happens for 30 seconds is ended by PostgreSQL, so that the rows of an
 * owner that is suspended do not stay locked.
 *
 * <p>{@link #renew} waits for no other node; so it may claim less than the node's share where others renew at the same time, and the
 * rest the next time. Call it outside of transactions. Thread-safe.
 */
public final class PostgresCheckpoints implements CheckpointPort {

    private final StoreTransaction transaction;
    private final RegisterSubscription registerSubscription;
    private final RenewLease renewLease;
    private final AdvanceCheckpoints advanceCheckpoints;
    private final ParkEvent parkEvent;
    private final ParkedQueues parkedEvents;
    private final Segments segments;

    /**
     * The checkpoints in the schema of the default name, {@value EventStoreSchema#DEFAULT_NAME}.
     *
     * @param dataSource connections to the database, best from a pool
     * @throws IllegalArgumentException if the DataSource stands before a TransactionAwareDataSourceProxy
     */
    public PostgresCheckpoints(DataSource dataSource) {
        this(dataSource, EventStoreSchema.DEFAULT_NAME);
    }

    /**
     * The checkpoints in a schema of another name.
     *
     * @param dataSource connections to the database, best from a pool
     * @param schemaName the name of the schema
     * @throws IllegalArgumentException if the name or the DataSource cannot be used
     */
    public PostgresCheckpoints(DataSource dataSource, String schemaName) {
        this(dataSource, schemaName, new DataSourceTransactionManager(dataSource));
    }

    /**
     * The checkpoints in a schema of another name, in the transactions of the application, such as those of JPA.
     *
     * @param dataSource connections to the database, best from a pool
     * @param schemaName the name of the schema
     * @param transactionManager begins transactions for this DataSource
     * @throws IllegalArgumentException if the name or the DataSource cannot be used
     */
    public PostgresCheckpoints(
            DataSource dataSource, String schemaName, PlatformTransactionManager transactionManager) {
        this(new StoreConnection(dataSource), new SchemaName(schemaName), transactionManager);
    }

    /**
     * The checkpoints in a schema of another name, with connections of two pools: so a busy application does not cost a node its
     * lease.
     *
     * @param transactions where the connections of {@link #inTransaction} are taken from: the DataSource that handlers write to
     * @param others where all others are taken from; the same database
     * @param schemaName the name of the schema
     * @throws IllegalArgumentException if the name or a DataSource cannot be used
     */
    public PostgresCheckpoints(DataSource transactions, DataSource others, String schemaName) {
        this(transactions, others, schemaName, new DataSourceTransactionManager(transactions));
    }

    /**
     * The checkpoints in a schema of another name, with connections of two pools, in the transactions of the application, such as those
     * of JPA.
     *
     * @param transactions where the connections of {@link #inTransaction} are taken from: the DataSource that handlers write to
     * @param others where all others are taken from; the same database
     * @param schemaName the name of the schema
     * @param transactionManager begins transactions for the first DataSource
     * @throws IllegalArgumentException if the name or a DataSource cannot be used
     */
    public PostgresCheckpoints(
            DataSource transactions,
            DataSource others,
            String schemaName,
            PlatformTransactionManager transactionManager) {
        this(new StoreConnection(transactions, others), new SchemaName(schemaName), transactionManager);
    }

    private PostgresCheckpoints(
            StoreConnection connection, SchemaName schema, PlatformTransactionManager transactionManager) {
        this.transaction = StoreTransaction.ofItsOwn(connection, transactionManager);
        this.registerSubscription = new RegisterSubscription(connection, schema);
        this.renewLease = new RenewLease(connection, schema);
        this.advanceCheckpoints = new AdvanceCheckpoints(connection, schema);
        this.parkEvent = new ParkEvent(connection, schema);
        this.parkedEvents = new ParkedQueues(connection, schema);
        this.segments = new Segments(connection, schema);
    }

    @Override
    public void register(String subscription, Sequencing sequencing, Supplier<GlobalPosition> start) {
        registerSubscription.register(subscription, sequencing, start);
    }

    @Override
    public List<OwnedSegment> renew(Lease lease) {
        return renewLease.renew(lease);
    }

    @Override
    public void release(List<Checkpoint> reached) {
        advanceCheckpoints.release(reached);
    }

    @Override
    public void leave(UUID node) {
        renewLease.leave(node);
    }

    @Override
    public <T> T inTransaction(Supplier<T> work) {
        return transaction.run(work);
    }

    @Override
    public Checkpoint advance(Checkpoint held, GlobalPosition reached) {
        return advanceCheckpoints.advance(held, reached);
    }

    @Override
    public List<Checkpoint> advanceAll(List<Checkpoint> held, List<GlobalPosition> reached) {
        return advanceCheckpoints.advanceAll(held, reached);
    }

    @Override
    public Optional<Checkpoint> park(Checkpoint held, Parking parking) {
        return parkEvent.park(held, parking);
    }

    @Override
    public Set<String> parkedKeys(SegmentId segment) {
        return parkedEvents.keys(segment);
    }

    @Override
    public List<ParkedEvent> parked(ParkedQuery query) {
        return parkedEvents.list(query);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException outside of a transaction, where the lock would be gone at once
     */
    @Override
    public void lock(SegmentId segment) {
        segments.lock(segment);
    }

    @Override
    public boolean unpark(ParkedEvent event) {
        return parkedEvents.unpark(event);
    }

    @Override
    public void failedAgain(ParkedEvent event, String error) {
        parkedEvents.failedAgain(event, error);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the reason is too short or too long
     */
    @Override
    public boolean discard(ParkedEvent event, String reason) {
        return parkedEvents.discard(event, reason);
    }

    @Override
    public List<SegmentState> segments(String subscription) {
        return segments.states(subscription);
    }
}
