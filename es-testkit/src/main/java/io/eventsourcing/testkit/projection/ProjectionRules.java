package io.eventsourcing.testkit.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.readmodel.ReadModelQuery;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.CheckpointPort;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.projection.ReadModels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of projections share. */
abstract class ProjectionRules {

    static final TenantId TENANT = TenantId.of("acme");

    private final Function<EventSerialization, ProjectionsUnderTest> opener;
    private final List<ProjectionNode> nodes = new ArrayList<>();
    final Duration patience;
    EventSerialization serialization = Scripted.serialization();
    ProjectionsUnderTest store;
    ReadModels readModels;

    @SuppressWarnings("NullAway.Init") // opened before each test
    ProjectionRules(Function<EventSerialization, ProjectionsUnderTest> opener, Duration patience) {
        this.opener = opener;
        this.patience = patience;
    }

    @BeforeEach
    void openStore() {
        reopen(serialization);
    }

    /** From now on the test uses a store with this serialization over the same data. */
    final void reopen(EventSerialization other) {
        serialization = other;
        store = opener.apply(other);
        readModels = new ReadModels(store.rows(), other.json());
    }

    @AfterEach
    void closeNodes() {
        nodes.forEach(ProjectionNode::close);
    }

    final ProjectionNode node() {
        return node(store.checkpoints());
    }

    final ProjectionNode node(CheckpointPort checkpoints) {
        ProjectionNode node = new ProjectionNode(store, checkpoints, serialization);
        nodes.add(node);
        return node;
    }

    /** For messages: how everything stands. Worth no more than its text. */
    final Object standing() {
        return new Object() {
            @Override
            public String toString() {
                return nodes.stream()
                        .map(node -> node.projections.status() + " by " + node.subscriptions.status())
                        .toList()
                        .toString();
            }
        };
    }

    final AppendResult append(String stream, Object... events) {
        return append(TENANT, stream, events);
    }

    final AppendResult append(TenantId tenant, String stream, Object... events) {
        return store.events()
                .append(AppendRequest.of(new StreamId(tenant, "script", stream), ExpectedVersion.any(), events));
    }

    /** Counts one after the other, each when the one before is shown: no faster than the projection follows. */
    final AppendResult appendUntil(AtomicBoolean isOver, String key) {
        while (true) {
            AppendResult last = append(key, Scripted.of(Scripted.Op.COUNT, key, 0));
            while (!isOver.get()
                    && numbers().getOrDefault(key, 0L) < last.version().value()) {
                Thread.onSpinWait();
            }
            if (isOver.get()) {
                return last;
            }
        }
    }

    final void awaitShown(ProjectionNode node, AppendResult append) {
        try {
            assertThat(node.projections.await("tallies", append, patience))
                    .as("the append is shown in time; %s", node.projections.status())
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    final List<Tally> rows() {
        return rows(TENANT);
    }

    final List<Tally> rows(TenantId tenant) {
        return TenantContext.call(
                tenant,
                () -> readModels
                        .reader(Tally.class)
                        .find(ReadModelQuery.all().limitedTo(10_000))
                        .rows());
    }

    final Map<String, Long> numbers() {
        Map<String, Long> numbers = new TreeMap<>();
        rows().forEach(row -> numbers.put(row.key(), row.number()));
        return numbers;
    }
}
