package io.eventsourcing.core.serialization;

import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.snapshot.SnapshotType;
import java.util.Map;

/** Under which name and schema version the snapshots of a state's class are stored: as registered, else as annotated. */
final class SnapshotTypes {

    private final Map<Class<?>, VersionedType> registered;

    SnapshotTypes(Map<Class<?>, VersionedType> registered) {
        this.registered = Map.copyOf(registered);
    }

    VersionedType typeOf(Class<?> state) {
        VersionedType type = registered.get(state);
        if (type != null) {
            return type;
        }
        SnapshotType annotation = state.getAnnotation(SnapshotType.class);
        if (annotation == null) {
            throw new IllegalArgumentException("The class " + state.getName()
                    + " cannot be kept as a snapshot: it has no stable name. Nothing was read or written."
                    + " Annotate it with @SnapshotType(\"some-name\"), or register it under a name.");
        }
        return new VersionedType(annotation.value(), annotation.schemaVersion());
    }
}
