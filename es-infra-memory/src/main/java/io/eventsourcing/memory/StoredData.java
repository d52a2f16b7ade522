package io.eventsourcing.memory;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.StreamNotFoundException;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.serialization.StoredSnapshot;
import io.eventsourcing.core.snapshot.Snapshot;
import io.eventsourcing.core.snapshot.SnapshotAheadOfStreamException;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** What all tenants have stored, and the one lock around it: each method is one transaction. Thread-safe. */
final class StoredData {

    private final Clock clock;
    private final Map<TenantId, StoredTenant> tenants = new HashMap<>();
    private final StoredLog log = new StoredLog();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final InlineHandlers inline = new InlineHandlers();

    StoredData(Clock clock) {
        this.clock = clock;
    }

    InlineHandlers inline() {
        return inline;
    }

    synchronized List<AppendResult> append(TenantId id, List<SerializedRequest> requests) {
        StoredTenant tenant = tenant(id);
        if (!inline.areConcernedBy(requests)) {
            return write(tenant, requests);
        }
        Runnable undo = tenant.undo(requests, log);
        try {
            List<AppendResult> results = write(tenant, requests);
            inline.appended(results);
            return results;
        } catch (Throwable e) { // whatever it is, nothing is to remain
            undo.run();
            throw e;
        }
    }

    private List<AppendResult> write(StoredTenant tenant, List<SerializedRequest> requests) {
        // all are admitted before any is written
        List<Optional<AppendResult>> earlier =
                requests.stream().map(tenant::admit).toList();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        List<AppendResult> results = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            SerializedRequest request = requests.get(i);
            results.add(earlier.get(i).orElseGet(() -> tenant.write(request, now, log)));
        }
        return List.copyOf(results);
    }

    void onAppend(Runnable listener) {
        listeners.add(listener);
    }

    /** Outside of the lock: a listener may read. */
    void signalAppend() {
        listeners.forEach(Runnable::run);
    }

    synchronized LogPage readLog(LogQuery query, EventSerialization serialization) {
        return log.page(query, serialization, this::isArchived);
    }

    synchronized GlobalPosition lastEvent() {
        return log.lastEvent();
    }

    synchronized GlobalPosition before(Instant time) {
        return log.before(time);
    }

    synchronized GlobalPosition lastPosition() {
        return log.lastPosition();
    }

    private boolean isArchived(StreamId stream) {
        return tenantOf(stream).stored(stream).filter(StoredStream::isArchived).isPresent();
    }

    synchronized StreamVersion version(StreamId stream) {
        return tenantOf(stream).version(stream);
    }

    synchronized StoredEvent event(StreamId stream, long version) {
        return tenantOf(stream).find(stream).orElseThrow().event(version);
    }

    synchronized Set<StreamId> existing(Collection<StreamId> streams) {
        return streams.stream()
                .filter(stream -> tenantOf(stream).stored(stream).isPresent())
                .collect(Collectors.toUnmodifiableSet());
    }

    synchronized void setArchived(StreamId stream, boolean archived) {
        tenantOf(stream)
                .find(stream)
                .orElseThrow(() -> new StreamNotFoundException(stream))
                .setArchived(archived);
    }

    synchronized void delete(StreamId stream) {
        tenantOf(stream).delete(stream).ifPresent(log::remove);
    }

    synchronized void save(Snapshot<?> snapshot, SerializedPayload state) {
        StoredTenant tenant = tenantOf(snapshot.stream());
        StreamVersion actual = tenant.version(snapshot.stream());
        if (snapshot.version().compareTo(actual) > 0) {
            throw new SnapshotAheadOfStreamException(snapshot, actual.value());
        }
        tenant.find(snapshot.stream()).orElseThrow().keep(snapshot.version(), state);
    }

    synchronized Optional<StoredSnapshot> latestSnapshot(StreamId stream, String name, List<Integer> schemaVersions) {
        return tenantOf(stream).stored(stream).flatMap(stored -> stored.latestSnapshot(name, schemaVersions));
    }

    synchronized void deleteSnapshots(StreamId stream) {
        tenantOf(stream).stored(stream).ifPresent(StoredStream::deleteSnapshots);
    }

    private StoredTenant tenantOf(StreamId stream) {
        return tenant(stream.tenant());
    }

    private StoredTenant tenant(TenantId id) {
        return tenants.computeIfAbsent(id, unused -> new StoredTenant());
    }
}
