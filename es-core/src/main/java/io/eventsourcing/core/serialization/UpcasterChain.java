package io.eventsourcing.core.serialization;

import io.eventsourcing.core.event.VersionedType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Applies upcasters one after the other until every payload is of a current type. Immutable and thread-safe. */
final class UpcasterChain {

    private final Map<VersionedType, Upcaster> byType;
    private final Predicate<VersionedType> isCurrent;

    UpcasterChain(Collection<Upcaster> upcasters, Predicate<VersionedType> isCurrent) {
        this.byType = byType(upcasters);
        this.isCurrent = isCurrent;
        byType.keySet().forEach(from -> rejectCycle(from, new LinkedHashSet<>()));
    }

    private static Map<VersionedType, Upcaster> byType(Collection<Upcaster> upcasters) {
        Map<VersionedType, Upcaster> byType = new HashMap<>();
        for (Upcaster upcaster : upcasters) {
            Upcaster other = byType.putIfAbsent(upcaster.from(), upcaster);
            if (other != null) {
                throw new UpcasterConfigurationException("Two upcasters start from type " + upcaster.from() + ": "
                        + other + " and " + upcaster + ". Nothing could tell which to use. Keep one.");
            }
        }
        return Map.copyOf(byType);
    }

    boolean isCurrent(VersionedType type) {
        return isCurrent.test(type);
    }

    boolean startsFrom(VersionedType type) {
        return byType.containsKey(type);
    }

    /** The first type on the ways from {@code type} that is neither current nor upcast; null if all ways arrive. */
    @Nullable
    VersionedType deadEnd(VersionedType type) {
        if (isCurrent.test(type)) {
            return null;
        }
        Upcaster upcaster = byType.get(type);
        if (upcaster == null) {
            return type;
        }
        return upcaster.to().stream()
                .map(this::deadEnd)
                .filter(end -> end != null)
                .findFirst()
                .orElse(null);
    }

    void rejectDeadEnds() {
        for (VersionedType from : byType.keySet()) {
            if (isCurrent.test(from)) {
                throw new UpcasterConfigurationException("The " + byType.get(from) + " would never be used: type "
                        + from + " is current. Raise the schema version of its class, or remove the upcaster.");
            }
            VersionedType end = deadEnd(from);
            if (end != null) {
                throw new MissingUpcasterException("The upcaster from type " + from + " leads to type " + end
                        + ", which is not a registered type at its current schema version and has no upcaster of its own."
                        + " Register an upcaster from " + end + ", or correct the target.");
            }
        }
    }

    /** These names, and those of all older types from which a payload of such a name may be made. */
    Set<String> namesLeadingTo(Set<String> names) {
        Set<String> leading = new HashSet<>(names);
        boolean grows = true;
        while (grows) {
            grows = false;
            for (Upcaster upcaster : byType.values()) {
                boolean leads = upcaster.to().stream().anyMatch(to -> leading.contains(to.name()));
                grows |= leads && leading.add(upcaster.from().name());
            }
        }
        return leading;
    }

    /** Payloads of current types; a type on the way that has no upcaster is returned as it is. */
    List<TypedPayload> apply(TypedPayload stored) {
        Upcaster upcaster = isCurrent.test(stored.type()) ? null : byType.get(stored.type());
        if (upcaster == null) {
            return List.of(stored);
        }
        List<TypedPayload> results = new ArrayList<>();
        for (TypedPayload result : upcaster.upcast(stored.payload())) {
            if (!upcaster.to().contains(result.type())) {
                throw new UpcasterConfigurationException("The " + upcaster + " made a payload of type " + result.type()
                        + ", which it did not declare. Add the type to its targets.");
            }
            results.addAll(apply(result));
        }
        return results;
    }

    private void rejectCycle(VersionedType type, Set<VersionedType> way) {
        if (!way.add(type)) {
            throw new UpcasterConfigurationException("The upcasters run in a circle: " + way + " and back to " + type
                    + ". No payload would ever become current. Break the circle.");
        }
        Upcaster upcaster = byType.get(type);
        if (upcaster != null && !isCurrent.test(type)) {
            upcaster.to().forEach(next -> rejectCycle(next, new LinkedHashSet<>(way)));
        }
    }
}
