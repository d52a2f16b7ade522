package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandSettings;
import io.eventsourcing.core.command.WorkerSettings;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.RetryPolicy;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.postgres.EventStoreSchema;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What can be set under {@code eventsourcing}. Checked when it is bound: a value that cannot be used fails the start, and so
 * does a name that is not known, because a default would act in its place.
 *
 * @param store Where events are kept.
 * @param schema The schema of the event store in PostgreSQL.
 * @param tenancy How strictly tenants are kept apart in PostgreSQL.
 * @param append How events are appended in PostgreSQL.
 * @param log How the log is followed.
 * @param subscriptions How this node takes part in subscriptions.
 * @param readModels The tables of read models in PostgreSQL.
 * @param commands How commands are handled.
 * @param serialization How events and snapshots are written.
 */
@ConfigurationProperties(value = "eventsourcing", ignoreUnknownFields = false)
public record EventSourcingProperties(
        @DefaultValue("postgres") Store store,
        @DefaultValue Schema schema,
        @DefaultValue Tenancy tenancy,
        @DefaultValue Append append,
        @DefaultValue Log log,
        @DefaultValue Subscriptions subscriptions,
        @DefaultValue ReadModels readModels,
        @DefaultValue Commands commands,
        @DefaultValue Serialization serialization) {

    /** Where events are kept. */
    public enum Store {
        /** In the application's PostgreSQL database. */
        POSTGRES,
        /** In memory: they are gone when the application ends. */
        MEMORY
    }

    /** Whether appends that arrive together are written together; see the PostgreSQL adapter's enum of that name. */
    public enum SharedCommits {
        /** Where the DataSource's connections are known not to depend on the thread that asks for them. */
        AUTOMATIC,
        /** Always. */
        ALWAYS,
        /** Never. */
        NEVER
    }

    /** What is done with the schema when the application starts. */
    public enum SchemaMode {
        /** It is created or brought up to date, which needs a role that may do so. */
        MIGRATE,
        /** It is checked and not changed; the start fails if it does not fit. */
        VALIDATE,
        /** Nothing; a schema that does not fit is found when it is used. */
        NONE
    }

    /**
     * The schema of the event store in PostgreSQL.
     *
     * @param name Name of the schema. Two event stores can live in one database under two names.
     * @param mode What is done with the schema when the application starts.
     * @param applicationRole Role of the application's login, which sees one tenant at a time. Migrating grants it what it needs.
     *     With a system role only.
     * @param systemRole Role of the login that follows the log across tenants. With an application role only.
     */
    public record Schema(
            @DefaultValue(EventStoreSchema.DEFAULT_NAME) String name,
            @DefaultValue("migrate") SchemaMode mode,
            @Nullable String applicationRole,
            @Nullable String systemRole) {

        /**
         * Checks the roles.
         *
         * @throws IllegalArgumentException if only one of them is named
         */
        public Schema {
            if ((applicationRole == null) != (systemRole == null)) {
                throw new IllegalArgumentException(
                        "eventsourcing.schema.application-role and eventsourcing.schema.system-role must both be set, or neither.");
            }
        }
    }

    /**
     * How strictly tenants are kept apart in PostgreSQL.
     *
     * @param enforce Whether the start fails if row-level security does not hold for the application's login. Otherwise a warning
     *     says why it does not.
     * @param inTransactions Whether each transaction of the application begins with setting the current tenant, so that row-level security
     *     shows its own SQL and JPA the tenant's rows.
     */
    public record Tenancy(
            @DefaultValue("false") boolean enforce,
            @DefaultValue("false") boolean inTransactions) {}

    /**
     * How events are appended in PostgreSQL.
     *
     * @param sharedCommits Whether small appends of one tenant that several threads make at the same time, outside of
     *     transactions, are written together, on the connection of one of them; so are loads, and commands that are stored or ended. Automatic: where the connections of the DataSource
     *     are known not to depend on the thread that asks for them.
     */
    public record Append(@DefaultValue("automatic") SharedCommits sharedCommits) {}

    /**
     * How the log is followed.
     *
     * @param idlePoll How often the end of the log is read when nothing happens. Events of this node are found at once, those of
     *     other nodes when they notify.
     * @param notifyOthers Whether other nodes are told of this node's appends, at most every 5 ms, by NOTIFY in PostgreSQL.
     * @param listen Whether notifications of other nodes are listened for, on a connection that is kept for it. Otherwise events of
     *     other nodes are found by polling. Switch it off behind a pooler in transaction mode, or set listen-url.
     * @param listenUrl JDBC URL for the connection that listens, with user and password if they differ; it must reach the server
     *     directly. Unless set, a connection of the background pool listens.
     */
    public record Log(
            @DefaultValue("1s") Duration idlePoll,
            @DefaultValue("true") boolean notifyOthers,
            @DefaultValue("true") boolean listen,
            @Nullable String listenUrl) {

        /**
         * Checks the interval and the URL, which is not repeated, because it may hold a password.
         *
         * @throws IllegalArgumentException if the interval is below 50 ms, or the URL is none of JDBC
         */
        public Log {
            if (idlePoll.toMillis() < 50) {
                throw new IllegalArgumentException(
                        "eventsourcing.log.idle-poll cannot be less than 50ms, but is " + idlePoll.toMillis() + "ms.");
            }
            if (listenUrl != null && !listenUrl.startsWith("jdbc:")) {
                throw new IllegalArgumentException(
                        "eventsourcing.log.listen-url must be a JDBC URL, such as jdbc:postgresql://host:5432/database, but does not"
                                + " start with 'jdbc:'.");
            }
        }
    }

    /**
     * How this node takes part in subscriptions.
     *
     * @param enabled Whether this node runs subscriptions. Other nodes run them if it does not.
     * @param lease For how long a node that died owns its segments, from 300 ms to 10 minutes. Others take over within four thirds of
     *     this.
     * @param closeWithin For how long the end of the application waits for handlers that are at work.
     * @param poolSize Connections of the background pool, two at least, which reads the log, listens, and keeps checkpoints. It is made from
     *     the application's HikariCP pool unless there is a DataSource with @EventStoreSystemDataSource.
     */
    public record Subscriptions(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("3s") Duration lease,
            @DefaultValue("10s") Duration closeWithin,
            @DefaultValue("4") int poolSize) {

        /**
         * Checks the sizes.
         *
         * @throws IllegalArgumentException if the lease or the time to close is none of {@link SubscriptionSettings}, or the pool has
         *     less than two connections
         */
        public Subscriptions {
            settings(lease, closeWithin);
            if (poolSize < 2) {
                throw new IllegalArgumentException(
                        "eventsourcing.subscriptions.pool-size cannot be less than 2, but is " + poolSize + ".");
            }
        }

        /** What the node takes part with. */
        SubscriptionSettings settings() {
            return settings(lease, closeWithin);
        }

        private static SubscriptionSettings settings(Duration lease, Duration closeWithin) {
            return new SubscriptionSettings(SubscriptionSettings.ofThisProcess().nodeName(), lease, closeWithin);
        }
    }

    /** What is done at start with tables of read models that are not as their records say. */
    public enum Ddl {
        /** Those that are missing are made, which needs a role that may do so; the start fails if others do not fit. */
        CREATE,
        /** The start fails if one is missing or does not fit. */
        VALIDATE,
        /** Nothing; a table that does not fit is found when it is used. */
        NONE
    }

    /**
     * The tables of read models in PostgreSQL.
     *
     * @param ddl What is done at start with tables of read models that are missing, or not as their records say.
     * @param schema Schema of the tables. Unless set, the first one of the search path.
     * @param report File that gets the result of the check at start as JSON, with the statements that mend what differs.
     */
    public record ReadModels(
            @DefaultValue("create") Ddl ddl,
            @Nullable String schema,
            @Nullable Path report) {}

    /**
     * How commands are handled.
     *
     * @param conflictAttempts How often a command is decided on when others change its stream meanwhile.
     * @param keepFor For how long commands that have ended, and processes that are over, are kept: within this time a command that is sent
     *     again is known, and acts once. They are removed each hour, by the nodes with workers. Zero keeps them for ever.
     * @param workers How this node handles commands that wait.
     */
    public record Commands(
            @DefaultValue("20") int conflictAttempts,
            @DefaultValue("30d") Duration keepFor,
            @DefaultValue Workers workers) {

        /**
         * Checks the number and the time.
         *
         * @throws IllegalArgumentException if there is no attempt, or the time is negative
         */
        public Commands {
            if (conflictAttempts < 1) {
                throw new IllegalArgumentException(
                        "eventsourcing.commands.conflict-attempts cannot be less than 1, but is " + conflictAttempts
                                + ".");
            }
            if (keepFor.isNegative()) {
                throw new IllegalArgumentException(
                        "eventsourcing.commands.keep-for cannot be negative, but is " + keepFor.toMillis() + "ms.");
            }
        }

        CommandSettings settings() {
            CommandSettings usual = CommandSettings.DEFAULT;
            RetryPolicy pauses = usual.conflicts();
            return new CommandSettings(
                    new RetryPolicy(conflictAttempts, pauses.firstPause(), pauses.longestPause()), usual.queueFor());
        }
    }

    /**
     * How this node handles commands that wait.
     *
     * @param enabled Whether this node handles commands that wait. Other nodes do if it does not; what is executed is handled here all the
     *     same.
     * @param threads How many commands are handled at the same time. Virtual threads where the JVM has them.
     * @param lease For how long a node that died holds the commands that it has taken.
     * @param idlePoll How often this node looks for commands when nobody tells it that there are some, and so how late one may come that is
     *     due later.
     * @param closeWithin For how long the end of the application waits for commands that are being handled.
     * @param attempts How often a command is tried that ends with an error.
     * @param firstPause How long after the first attempt comes the second one; each further pause is twice as long. Half of it is random.
     * @param longestPause The longest of these pauses.
     */
    public record Workers(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("16") int threads,
            @DefaultValue("10s") Duration lease,
            @DefaultValue("500ms") Duration idlePoll,
            @DefaultValue("10s") Duration closeWithin,
            @DefaultValue("10") int attempts,
            @DefaultValue("1s") Duration firstPause,
            @DefaultValue("5m") Duration longestPause) {

        /**
         * Checks what the workers would refuse.
         *
         * @throws IllegalArgumentException if a value is none of {@link WorkerSettings}
         */
        public Workers {
            settings(threads, lease, idlePoll, closeWithin, new RetryPolicy(attempts, firstPause, longestPause));
        }

        /** What the node takes part with. */
        WorkerSettings settings() {
            return settings(threads, lease, idlePoll, closeWithin, new RetryPolicy(attempts, firstPause, longestPause));
        }

        private static WorkerSettings settings(
                int threads, Duration lease, Duration idlePoll, Duration closeWithin, RetryPolicy retry) {
            return new WorkerSettings(
                    SubscriptionSettings.ofThisProcess().nodeName(), threads, lease, idlePoll, retry, closeWithin);
        }
    }

    /**
     * How events and snapshots are written.
     *
     * @param maxPayloadSize Largest payload of an event or snapshot that is stored, after encoding; also the limit of an
     *     event's metadata.
     */
    public record Serialization(@DefaultValue("1MB") DataSize maxPayloadSize) {

        /**
         * Checks the size.
         *
         * @throws IllegalArgumentException if it is below one byte or above what an array holds
         */
        public Serialization {
            if (maxPayloadSize.toBytes() < 1) {
                throw new IllegalArgumentException(
                        "eventsourcing.serialization.max-payload-size cannot be less than 1B.");
            }
            if (maxPayloadSize.toBytes() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "eventsourcing.serialization.max-payload-size cannot be more than " + Integer.MAX_VALUE + "B.");
            }
        }

        /** The size as {@link EventSerialization.Builder#maxPayloadBytes} takes it. */
        int maxPayloadBytes() {
            return Math.toIntExact(maxPayloadSize.toBytes());
        }
    }
}
