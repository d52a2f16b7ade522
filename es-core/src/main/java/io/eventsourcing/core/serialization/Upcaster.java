package io.eventsourcing.core.serialization;

import io.eventsourcing.core.event.VersionedType;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * Turns the raw JSON of one old type of event or snapshot into newer ones when it is read; what is stored never changes.
 * Upcasters are chained until every payload is of a current type.
 *
 * <p>Must be a pure function and thread-safe: an event is upcast each time that it is read, by any thread. It may change
 * the tree that it is given.
 */
public interface Upcaster {

    /**
     * What it takes.
     *
     * @return the name and schema version of stored payloads
     */
    VersionedType from();

    /**
     * What it may make, so that a chain that leads nowhere is found at start.
     *
     * @return the types of its results; empty if it only drops
     */
    Set<VersionedType> to();

    /**
     * Makes newer payloads of an old one.
     *
     * @param payload the old JSON, owned by this call
     * @return one payload or several, in order, or none to drop the event
     */
    List<TypedPayload> upcast(JsonNode payload);

    /**
     * From a schema version to the next one of the same type.
     *
     * @param from the name and the older schema version
     * @param change makes the newer JSON
     * @return the upcaster
     */
    static Upcaster next(VersionedType from, UnaryOperator<JsonNode> change) {
        VersionedType to = from.at(from.schemaVersion() + 1);
        return split(from, Set.of(to), json -> List.of(new TypedPayload(to, change.apply(json))));
    }

    /**
     * From a type that was renamed to its new name, without a change of its JSON. A new name starts at schema version 1: at a
     * later one, upcasters from its earlier versions would be missed at start.
     *
     * @param from the old name and schema version
     * @param to the new name and schema version
     * @return the upcaster
     */
    static Upcaster rename(VersionedType from, VersionedType to) {
        return split(from, Set.of(to), json -> List.of(new TypedPayload(to, json)));
    }

    /**
     * From a type that means nothing any more to no event at all.
     *
     * @param from the name and schema version
     * @return the upcaster
     */
    static Upcaster drop(VersionedType from) {
        return split(from, Set.of(), json -> List.of());
    }

    /**
     * From a type to any number of events of other types.
     *
     * @param from the name and schema version
     * @param to every type that may result
     * @param split makes the events, in order
     * @return the upcaster
     */
    static Upcaster split(VersionedType from, Set<VersionedType> to, Function<JsonNode, List<TypedPayload>> split) {
        Set<VersionedType> targets = Set.copyOf(to);
        Objects.requireNonNull(from, "The type that an upcaster starts from is null.");
        Objects.requireNonNull(split, "The function of the upcaster from " + from + " is null.");
        return new Upcaster() {
            @Override
            public VersionedType from() {
                return from;
            }

            @Override
            public Set<VersionedType> to() {
                return targets;
            }

            @Override
            public List<TypedPayload> upcast(JsonNode payload) {
                return split.apply(payload);
            }

            @Override
            public String toString() {
                return "upcaster from " + from + " to " + targets;
            }
        };
    }
}
