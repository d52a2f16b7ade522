package io.eventsourcing.postgres;

import io.eventsourcing.core.command.Claim;
import io.eventsourcing.core.command.ClaimRequest;
import io.eventsourcing.core.command.ClaimedCommand;
import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandFormat;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandQuery;
import io.eventsourcing.core.command.CommandQueuePort;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandSignals;
import io.eventsourcing.core.command.CommandStorePort;
import io.eventsourcing.core.command.Completed;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

/**
 * Commands on PostgreSQL 15 to 18: a command and its events are committed in one round trip, and act once, whoever sends the command again
 * and whichever worker wakes late.
 *
 * <p>Calls for one tenant join the Spring transaction that surrounds them, if there is one for the same DataSource, which must be READ
 * COMMITTED; otherwise each commits its own. What is for all tenants, the queue and the purge, has connections of its own, whose login must
 * be that of the system role, where there is one ({@link EventStoreRoles}). Thread-safe.
 */
public final class PostgresCommandStore implements CommandStorePort, CommandQueuePort, CommandSignals {

    private final PostgresEventStore events;
    private final StoreConnection connection;
    private final StoreTransaction transaction;
    private final HoldStream holdStream;
    private final SaveCommands saveCommands;
    private final Completions completions;
    private final FindCommands findCommands;
    private final RemoveCommands removeCommands;
    private final ClaimCommands claimCommands;
    private final CommitSignals signals = new CommitSignals();

    /**
     * The commands in the schema of the default name, {@value EventStoreSchema#DEFAULT_NAME}.
     *
     * @param dataSource connections to the database, best from a pool; the one of the events
     * @param events where the events of commands are appended
     */
    public PostgresCommandStore(DataSource dataSource, PostgresEventStore events) {
        this(dataSource, dataSource, events, EventStoreSchema.DEFAULT_NAME);
    }

    /**
     * The commands in a schema of another name.
     *
     * @param dataSource connections of the application; the DataSource of the events
     * @param acrossTenants connections for what is for all tenants; the same database
     * @param events where the events of commands are appended
     * @param schemaName the name of the schema
     * @throws IllegalArgumentException if the name or a DataSource cannot be used
     */
    public PostgresCommandStore(
            DataSource dataSource, DataSource acrossTenants, PostgresEventStore events, String schemaName) {
        this(dataSource, acrossTenants, events, schemaName, new DataSourceTransactionManager(dataSource));
    }

    /**
     * The commands in a schema of another name, in the transactions of the application, such as those of JPA.
     *
     * @param dataSource connections of the application; the DataSource of the events
     * @param acrossTenants connections for what is for all tenants; the same database
     * @param events where the events of commands are appended
     * @param schemaName the name of the schema
     * @param transactionManager begins transactions for the DataSource
     * @throws IllegalArgumentException if the name or a DataSource cannot be used
     */
    public PostgresCommandStore(
            DataSource dataSource,
            DataSource acrossTenants,
            PostgresEventStore events,
            String schemaName,
            PlatformTransactionManager transactionManager) {
        SchemaName schema = new SchemaName(schemaName);
        CommandFormat format = new CommandFormat(events.serialization());
        StoreConnection system = new StoreConnection(acrossTenants);
        this.events = events;
        this.connection = new StoreConnection(dataSource);
        this.transaction = hasSavepoints(transactionManager)
                ? StoreTransaction.nested(connection, transactionManager)
                : StoreTransaction.joining(connection, transactionManager);
        this.holdStream = new HoldStream(connection, schema);
        this.saveCommands = new SaveCommands(connection, schema, format, events.sharesCommits());
        this.completions = new Completions(
                connection, schema, events.serialization(), format, events.sharesCommits(), events.inline());
        this.findCommands = new FindCommands(connection, schema, format);
        this.removeCommands = new RemoveCommands(connection, system, schema, format);
        this.claimCommands = new ClaimCommands(system, schema, format);
    }

    private static boolean hasSavepoints(PlatformTransactionManager manager) {
        return manager instanceof AbstractPlatformTransactionManager known && known.isNestedTransactionAllowed();
    }

    @Override
    public Set<CommandId> save(List<NewCommand> commands) {
        try {
            return saveCommands.save(commands);
        } catch (EventStoreUnavailableException e) {
            if (connection.isInTransaction()) {
                throw e;
            }
            return saveCommands.save(commands); // it may be stored already, under the same ids
        } finally {
            signals.written(connection.isInTransaction());
        }
    }

    @Override
    public void onStored(Runnable listener) {
        signals.tell(listener);
    }

    @Override
    public Optional<StoredCommand> find(TenantId tenant, CommandId id) {
        return findCommands.find(tenant, id);
    }

    @Override
    public Optional<CommandResult> knownResult(NewCommand command) {
        return findCommands.knownResult(command);
    }

    @Override
    public boolean isInTransaction() {
        return connection.isInTransaction();
    }

    @Override
    public List<StoredCommand> list(CommandQuery query) {
        return findCommands.list(query);
    }

    @Override
    public Completed complete(CommandCompletion completion) {
        try {
            return completions.complete(completion);
        } finally {
            if (completion.append() != null) {
                events.signalAppend();
            }
        }
    }

    @Override
    public <T> T inTransaction(Supplier<T> work) {
        return transaction.run(work);
    }

    @Override
    public <T> T holdingStream(NewCommand command, Supplier<T> work) {
        return transaction.run(() -> {
            holdStream.hold(command);
            return work.get();
        });
    }

    @Override
    public boolean cancel(TenantId tenant, CommandId id, String reason) {
        return removeCommands.cancel(tenant, id, reason);
    }

    @Override
    public boolean delete(TenantId tenant, CommandId id) {
        return removeCommands.delete(tenant, id);
    }

    @Override
    public int purge(Duration endedBefore, int atMost) {
        return removeCommands.purge(endedBefore, atMost);
    }

    @Override
    public List<ClaimedCommand> claim(ClaimRequest request) {
        return claimCommands.claim(request);
    }

    @Override
    public Set<Claim> extend(Collection<Claim> claims, Duration lease) {
        return claimCommands.extend(claims, lease);
    }

    @Override
    public void retry(Claim claim, Duration pause, String error, boolean counts) {
        claimCommands.retry(claim, pause, error, counts);
    }

    @Override
    public void release(Collection<Claim> claims) {
        claimCommands.release(claims);
    }
}
