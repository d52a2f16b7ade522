package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendBatch;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.SnapshotAndEvents;
import io.eventsourcing.core.log.AppendSignals;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.serialization.StoredSnapshot;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.snapshot.SnapshotPort;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * The event store on PostgreSQL 15 to 18: each stream is exact under any number of concurrent appends from any number of nodes.
 * A call is one round trip; an append that is refused, a retry, and one whose stream is locked take two, a long stream one for
 * each page.
 *
 * <p>A call joins the Spring transaction that surrounds it, if there is one for the same DataSource: what it wrote is rolled
 * back with that transaction, and a version conflict leaves it usable. That transaction must be READ COMMITTED, and not
 * read-only to write. Otherwise the call runs and commits its own; small appends of one tenant that several threads make at the
 * same time share one then ({@link SharedCommits}), and are each written or refused on their own.
 *
 * <p>Two surrounding transactions that append to the same streams in opposite orders can meet in a deadlock, which ends one of
 * them with a {@link io.eventsourcing.core.event.TransientStoreException}; one {@link #appendAll} locks its streams in the same
 * order as every other. A transaction that appends to more than 256 streams locks its whole tenant until it ends.
 *
 * <p>Events are committed with {@code synchronous_commit} of at least {@code local}: an acknowledged append survives a crash
 * of the server. Thread-safe.
 */
public final class PostgresEventStore implements EventStorePort, SnapshotPort, AppendSignals {

    private final EventSerialization serialization;
    private final StoreConnection connection;
    private final CommitSignals signals = new CommitSignals();
    private final InlineHandlers inline;
    private final Appends appends;
    private final LoadStream loadStream;
    private final Loads loads;
    private final LoadStreamBackward loadStreamBackward;
    private final ExistingStreams existingStreams;
    private final ChangeStream changeStream;
    private final SaveSnapshot saveSnapshot;
    private final LatestSnapshot latestSnapshot;
    private final DeleteSnapshots deleteSnapshots;

    /**
     * The store in the schema of the default name, {@value EventStoreSchema#DEFAULT_NAME}. The schema is not checked here; see
     * {@link EventStoreSchema}.
     *
     * @param dataSource connections to the database, best from a pool
     * @param serialization how events and snapshots are stored
     * @throws IllegalArgumentException if the DataSource stands before a TransactionAwareDataSourceProxy
     */
    public PostgresEventStore(DataSource dataSource, EventSerialization serialization) {
        this(dataSource, serialization, EventStoreSchema.DEFAULT_NAME);
    }

    /**
     * The store in a schema of another name.
     *
     * @param dataSource connections to the database, best from a pool
     * @param serialization how events and snapshots are stored
     * @param schemaName the name of the schema
     * @throws IllegalArgumentException if the name or the DataSource cannot be used
     */
    public PostgresEventStore(DataSource dataSource, EventSerialization serialization, String schemaName) {
        this(dataSource, serialization, schemaName, SharedCommits.AUTOMATIC);
    }

    /**
     * The store in a schema of another name, which says whether appends share commits.
     *
     * @param dataSource connections to the database, best from a pool
     * @param serialization how events and snapshots are stored
     * @param schemaName the name of the schema
     * @param sharedCommits whether small appends that arrive together are written together
     * @throws IllegalArgumentException if the name or the DataSource cannot be used
     */
    public PostgresEventStore(
            DataSource dataSource, EventSerialization serialization, String schemaName, SharedCommits sharedCommits) {
        SchemaName schema = new SchemaName(schemaName);
        this.connection = new StoreConnection(dataSource);
        this.serialization = serialization;
        this.inline = new InlineHandlers(connection, dataSource);
        this.appends = new Appends(dataSource, schema, serialization, sharedCommits, inline);
        this.loadStream = new LoadStream(connection, schema);
        this.loads = new Loads(connection, schema, loadStream, sharesCommits());
        this.loadStreamBackward = new LoadStreamBackward(connection, schema);
        this.existingStreams = new ExistingStreams(connection, schema);
        this.changeStream = new ChangeStream(connection, schema);
        this.saveSnapshot = new SaveSnapshot(connection, schema, serialization);
        this.latestSnapshot = new LatestSnapshot(connection, schema, serialization);
        this.deleteSnapshots = new DeleteSnapshots(connection, schema);
    }

    @Override
    public List<AppendResult> appendAll(List<AppendRequest> requests) {
        AppendBatch batch = new AppendBatch(requests);
        try {
            return appends.append(batch);
        } finally {
            signals.written(connection.isInTransaction());
        }
    }

    @Override
    public void onAppend(Runnable listener) {
        signals.tell(listener);
    }

    EventSerialization serialization() {
        return serialization;
    }

    /** Those that take part in appends, of whatever kind. */
    InlineHandlers inline() {
        return inline;
    }

    /** Whether calls that arrive together may be made on the connection of one of their threads. */
    boolean sharesCommits() {
        return appends.sharesCommits();
    }

    /** Events were appended by another way than {@link #appendAll}. */
    void signalAppend() {
        signals.written(connection.isInTransaction());
    }

    @Override
    public EventStream load(StreamId stream, StreamVersion from) {
        long first = Math.max(1, from.value());
        return forward(
                first == 1
                        ? loads.firstPage(stream)
                        : loadStream.page(stream, first, Long.MAX_VALUE, StreamPage.FIRST_LIMIT),
                first);
    }

    @Override
    public EventStream loadBackward(StreamId stream, StreamVersion from, long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("The limit of a backward load of stream " + stream + " is " + limit
                    + ". Nothing was read. Give 1 or more.");
        }
        int firstLimit = (int) Math.min(limit, StreamPage.FIRST_LIMIT);
        StreamPage first = loadStreamBackward.page(stream, from.value(), firstLimit);
        long count = Math.min(limit, Math.min(from.value(), first.latest().value()));
        return new EventStream(
                stream,
                first.latest(),
                () -> new PagedEvents(
                        first,
                        count,
                        this::readNewestFirst,
                        (last, atMost) ->
                                loadStreamBackward.page(stream, last.version().value() - 1, atMost)));
    }

    private List<RecordedEvent> readNewestFirst(StoredEvent stored) {
        List<RecordedEvent> parts = new ArrayList<>(serialization.read(stored));
        Collections.reverse(parts);
        return parts;
    }

    @Override
    public <S> SnapshotAndEvents<S> loadWithSnapshot(StreamId stream, Class<S> state) {
        StreamPage first = loadStream.firstPageAfterSnapshot(
                stream, serialization.snapshotType(state).name(), serialization.readableSchemaVersions(state));
        StoredSnapshot stored = first.snapshot();
        if (stored == null) {
            return new SnapshotAndEvents<>(Optional.empty(), forward(first, 1));
        }
        Optional<Snapshot<S>> snapshot = serialization.read(stored, state);
        EventStream events =
                snapshot.isPresent() ? forward(first, stored.version().value() + 1) : load(stream);
        return new SnapshotAndEvents<>(snapshot, events);
    }

    private EventStream forward(StreamPage first, long from) {
        StreamId stream = first.stream();
        long to = first.latest().value();
        return new EventStream(
                stream,
                first.latest(),
                () -> new PagedEvents(
                        first,
                        Math.max(0, to - from + 1),
                        serialization::read,
                        (last, atMost) -> loadStream.page(stream, last.version().value() + 1, to, atMost)));
    }

    @Override
    public StreamVersion currentVersion(StreamId stream) {
        return loadStreamBackward.page(stream, 0, 1).latest();
    }

    @Override
    public Set<StreamId> existing(Collection<StreamId> streams) {
        return existingStreams.among(streams);
    }

    @Override
    public void archive(StreamId stream) {
        changeStream.archive(stream);
    }

    @Override
    public void unarchive(StreamId stream) {
        changeStream.unarchive(stream);
    }

    @Override
    public void delete(StreamId stream) {
        changeStream.delete(stream);
    }

    @Override
    public void save(Snapshot<?> snapshot) {
        saveSnapshot.save(snapshot);
    }

    @Override
    public <S> Optional<Snapshot<S>> latest(StreamId stream, Class<S> state) {
        return latestSnapshot.load(stream, state);
    }

    @Override
    public void deleteAll(StreamId stream) {
        deleteSnapshots.of(stream);
    }
}
