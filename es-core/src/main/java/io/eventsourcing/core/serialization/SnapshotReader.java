package io.eventsourcing.core.serialization;

import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads stored snapshots. Whatever goes wrong, the answer is "no snapshot", because events can always rebuild the state. */
final class SnapshotReader {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotReader.class);

    private final SnapshotTypes types;
    private final List<Upcaster> upcasters;
    private final PayloadReader payloads;
    private final Map<VersionedType, UpcasterChain> chains = new ConcurrentHashMap<>();

    SnapshotReader(SnapshotTypes types, List<Upcaster> upcasters, PayloadReader payloads) {
        this.types = types;
        this.upcasters = List.copyOf(upcasters);
        this.payloads = payloads;
        chainTo(new VersionedType("none", 1));
    }

    private UpcasterChain chainTo(VersionedType current) {
        return chains.computeIfAbsent(current, type -> new UpcasterChain(upcasters, type::equals));
    }

    List<Integer> readableSchemaVersions(Class<?> state) {
        VersionedType current = types.typeOf(state);
        return IntStream.rangeClosed(1, current.schemaVersion())
                .filter(version -> chainTo(current).deadEnd(current.at(version)) == null)
                .boxed()
                .toList();
    }

    <S> Optional<Snapshot<S>> read(StoredSnapshot stored, Class<S> state) {
        VersionedType current = types.typeOf(state);
        try {
            return Optional.of(new Snapshot<>(stored.stream(), stored.version(), bind(stored, current, state)));
        } catch (UnreadablePayload | UpcasterConfigurationException e) {
            LOG.warn(
                    "The snapshot of stream {} at version {} cannot be read as {}: {}. It is ignored, and the state is rebuilt from events.",
                    stored.stream(),
                    stored.version(),
                    state.getName(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    private <S> S bind(StoredSnapshot stored, VersionedType current, Class<S> state) {
        if (stored.state().type().equals(current)) {
            return payloads.bind(stored.stream(), stored.state(), state);
        }
        List<TypedPayload> upcast = payloads.upcast(stored.stream(), stored.state(), chainTo(current));
        if (upcast.size() != 1 || !upcast.get(0).type().equals(current)) {
            throw new UnreadablePayload("no upcaster leads to type " + current, null);
        }
        return payloads.bind(upcast.get(0).payload(), state);
    }
}
