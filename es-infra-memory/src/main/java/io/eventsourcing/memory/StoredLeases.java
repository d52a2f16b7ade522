package io.eventsourcing.memory;

import io.eventsourcing.core.subscription.Lease;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The leases of the nodes, and what share each has. Guarded by the lock of {@link StoredCheckpoints}. */
final class StoredLeases {

    private final Map<UUID, Term> terms = new HashMap<>();

    void renew(Lease lease, Instant now) {
        terms.put(lease.node(), new Term(lease, now.plus(lease.duration())));
    }

    void end(UUID node) {
        terms.remove(node);
    }

    /** The nodes whose lease is over. */
    List<UUID> expired(Instant now) {
        return terms.values().stream()
                .filter(term -> !term.isLive(now))
                .map(term -> term.lease().node())
                .toList();
    }

    boolean isLive(UUID node, Instant now) {
        return live(node, now).isPresent();
    }

    /** The name of a node whose lease lasts. */
    Optional<String> name(UUID node, Instant now) {
        return live(node, now).map(term -> term.lease().name());
    }

    private Optional<Term> live(UUID node, Instant now) {
        return Optional.ofNullable(terms.get(node)).filter(term -> term.isLive(now));
    }

    /** How many segments of a subscription a node is to have; what is left over goes to the first nodes. */
    int share(UUID node, StoredSubscription subscription, Instant now) {
        List<UUID> nodes = inOrder(subscription.name(), now);
        int place = nodes.indexOf(node);
        if (place < 0) {
            return 0;
        }
        int segments = subscription.size();
        return segments / nodes.size() + (place < segments % nodes.size() ? 1 : 0);
    }

    /** The nodes that run a subscription, in an order of its own, so that no node is the first one everywhere. */
    private List<UUID> inOrder(String subscription, Instant now) {
        List<UUID> outdated = outdated(subscription, now);
        return terms.values().stream()
                .filter(term -> term.isLive(now) && term.lease().subscriptions().containsKey(subscription))
                .map(term -> term.lease().node())
                .filter(node -> !outdated.contains(node))
                .sorted(Comparator.comparing(node -> digest(subscription, node)))
                .toList();
    }

    /** The nodes that look for fewer types of events of a subscription than another one. */
    List<UUID> outdated(String subscription, Instant now) {
        List<Lease> running = terms.values().stream()
                .filter(term -> term.isLive(now))
                .map(Term::lease)
                .toList();
        return running.stream()
                .filter(lease -> running.stream().anyMatch(other -> lease.isOutdatedBy(other, subscription)))
                .map(Lease::node)
                .toList();
    }

    private static UUID digest(String subscription, UUID node) {
        return UUID.nameUUIDFromBytes((subscription + "/" + node).getBytes(StandardCharsets.UTF_8));
    }

    /** A lease and its end. */
    private record Term(Lease lease, Instant end) {

        boolean isLive(Instant now) {
            return now.isBefore(end);
        }
    }
}
