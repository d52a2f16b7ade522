package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.SerializedEvent;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.stream.StreamVersion;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.subscription.Parking;
import io.eventsourcing.core.subscription.SegmentLostException;
import io.eventsourcing.core.subscription.SegmentState;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The rules that keep the events of a key in order when some are parked, and none of them behind a queue that nobody empties. */
class ParkingRulesTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final String KEY = "order-42";
    private static final String ERROR = "IllegalStateException: no";

    private final DataSource dataSource = postgres.database().dataSource();
    private final DataSource admin = postgres.database().adminDataSource();
    private final PostgresCheckpoints checkpoints = new PostgresCheckpoints(dataSource);
    private final String subscription = newSubscription();
    private final SubscriptionNode node = SubscriptionNode.of(checkpoints, subscription);
    private final Checkpoint held = node.renewed().get(0);

    @BeforeAll
    static void migrate() {
        new EventStoreSchema(postgres.database().dataSource()).migrate();
    }

    private String newSubscription() {
        return SubscriptionNode.newSubscription(checkpoints, 1);
    }

    private static Parking failed(long position) {
        return parking(position, 3, ERROR);
    }

    static Parking behind(long position) {
        return parking(position, 0, null);
    }

    private static Parking parking(long position, int attempts, @Nullable String error) {
        StoredEvent event = new StoredEvent(
                Noted.newStream(),
                StreamVersion.FIRST,
                new GlobalPosition(position),
                EventId.next(),
                Instant.EPOCH,
                new SerializedEvent(new SerializedPayload(new VersionedType("noted", 1), "{}", null), "{}", List.of()));
        return new Parking(event, KEY, attempts, error);
    }

    private List<ParkedEvent> waiting() {
        return checkpoints.parked(new ParkedQuery(subscription, KEY, GlobalPosition.START, 100));
    }

    private Checkpoint parked(Checkpoint from, Parking parking) {
        return checkpoints.park(from, parking).orElseThrow();
    }

    @Test
    void aParkedEventMovesTheCheckpoint() {
        Parking parking = failed(5);

        Checkpoint now = parked(held, parking);

        assertThat(now).isEqualTo(held.at(new GlobalPosition(5)));
        assertThat(waiting()).singleElement().satisfies(event -> {
            assertThat(event.segment()).isEqualTo(held.segment());
            assertThat(event.key()).isEqualTo(KEY);
            assertThat(event.position()).isEqualTo(parking.event().position());
            assertThat(event.id()).isEqualTo(parking.event().id());
            assertThat(event.stream()).isEqualTo(parking.event().stream());
            assertThat(event.attempts()).isEqualTo(3);
            assertThat(event.error()).isEqualTo(ERROR);
        });
        assertThat(checkpoints.segments(subscription))
                .containsExactly(new SegmentState(held.segment(), new GlobalPosition(5), "node " + node.id(), 1));
        assertThat(node.renew()).containsExactly(new OwnedSegment(now, false, true));
        assertThat(checkpoints.parkedKeys(held.segment())).containsExactly(KEY);
    }

    @Test
    void aLaterEventOfTheKeyWaitsBehindIt() {
        Checkpoint now = parked(parked(held, failed(5)), behind(7));

        assertThat(now.position()).isEqualTo(new GlobalPosition(7));
        assertThat(waiting()).extracting(ParkedEvent::attempts).containsExactly(3, 0);
        assertThat(waiting()).extracting(ParkedEvent::error).containsExactly(ERROR, null);
    }

    @Test
    void nothingIsParkedBehindAnEmptiedQueue() {
        Checkpoint now = parked(held, failed(5));
        checkpoints.unpark(waiting().get(0));

        assertThat(checkpoints.park(now, behind(7))).isEmpty();
        assertThat(waiting()).isEmpty();
        assertThat(checkpoints.advance(now, new GlobalPosition(7)).position()).isEqualTo(new GlobalPosition(7));
    }

    /** Nobody would ever come for an event behind a queue that was being emptied. */
    @Test
    void parkingWaitsForARetryAndSeesTheQueueThatItLeaves() {
        Checkpoint now = parked(held, failed(5));
        List<CompletableFuture<Optional<Checkpoint>>> parking = new ArrayList<>();

        checkpoints.inTransaction(() -> {
            checkpoints.lock(held.segment());
            assertThat(checkpoints.unpark(waiting().get(0))).isTrue();
            parking.add(CompletableFuture.supplyAsync(() -> checkpoints.park(now, behind(7))));
            Sql.awaitLockWait(admin, "transactionid");
        });

        assertThat(parking.get(0).join()).isEmpty();
        assertThat(waiting()).isEmpty();
    }

    @Test
    void aRetryWaitsForParkingAndSeesTheEventBehind() {
        Checkpoint now = parked(held, failed(5));
        List<CompletableFuture<List<ParkedEvent>>> retry = new ArrayList<>();

        checkpoints.inTransaction(() -> {
            checkpoints.park(now, behind(7));
            retry.add(CompletableFuture.supplyAsync(() -> {
                List<ParkedEvent> seen = new ArrayList<>();
                checkpoints.inTransaction(() -> {
                    checkpoints.lock(held.segment());
                    seen.addAll(waiting());
                });
                return seen;
            }));
            Sql.awaitLockWait(admin, "transactionid");
        });

        assertThat(retry.get(0).join()).hasSize(2);
    }

    @Test
    void whoDoesNotOwnTheSegmentParksNothing() {
        checkpoints.advance(held, new GlobalPosition(1));
        assertThatExceptionOfType(SegmentLostException.class)
                .as("at another position")
                .isThrownBy(() -> checkpoints.park(held, failed(5)));

        node.expire(dataSource);
        assertThatExceptionOfType(SegmentLostException.class)
                .as("its lease is over")
                .isThrownBy(() -> checkpoints.park(held.at(new GlobalPosition(1)), failed(5)));

        SubscriptionNode.of(checkpoints, subscription).renew();
        assertThatExceptionOfType(SegmentLostException.class)
                .as("another has taken over")
                .isThrownBy(() -> checkpoints.park(held.at(new GlobalPosition(1)), failed(5)));
        assertThat(waiting()).isEmpty();
    }

    @Test
    void aSegmentIsNotLockedOutsideOfATransaction() {
        assertThatIllegalStateException()
                .isThrownBy(() -> checkpoints.lock(held.segment()))
                .withMessageContainingAll(held.segment().toString(), "inTransaction");
    }

    @Test
    void aRetryInVainIsNoted() {
        parked(held, failed(5));

        checkpoints.failedAgain(waiting().get(0), "Again: no");

        assertThat(waiting()).singleElement().satisfies(event -> {
            assertThat(event.attempts()).isEqualTo(4);
            assertThat(event.error()).isEqualTo("Again: no");
        });
    }

    @Test
    void aDiscardedEventIsKeptWithTheReason() {
        Checkpoint now = parked(held, failed(5));
        ParkedEvent event = waiting().get(0);

        assertThat(checkpoints.discard(event, "sent twice")).isTrue();

        assertThat(checkpoints.discard(event, "again")).isFalse();
        assertThat(checkpoints.unpark(event)).isFalse();
        assertThat(waiting()).isEmpty();
        assertThat(checkpoints.parkedKeys(held.segment())).isEmpty();
        assertThat(checkpoints.park(now, behind(7))).isEmpty();
        assertThat(Sql.texts(
                        dataSource,
                        "select discard_reason from eventsourcing.parked_event where subscription = ?",
                        subscription))
                .containsExactly("sent twice");
    }

    @Test
    void aReasonHasOneToAThousandCharacters() {
        parked(held, failed(5));
        ParkedEvent event = waiting().get(0);

        for (String reason : List.of("", "x".repeat(1001))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> checkpoints.discard(event, reason))
                    .withMessageContainingAll("position 5", "still waits");
        }
        assertThat(checkpoints.discard(event, "x".repeat(1000))).isTrue();
    }

    /** After its segment was set back. */
    @Test
    void anEventThatWasDiscardedCanBeParkedAgain() {
        parked(held, failed(5));
        checkpoints.discard(waiting().get(0), "sent twice");
        Sql.execute(
                dataSource,
                "update eventsourcing.checkpoint set position = 0 where subscription = '" + subscription + "'");

        parked(held, failed(5));

        assertThat(waiting()).hasSize(1);
    }

    @Test
    void eventsAreListedInPagesByPosition() {
        Checkpoint now = held;
        for (long position = 1; position <= 5; position++) {
            now = parked(now, failed(position));
        }

        List<ParkedEvent> page = checkpoints.parked(new ParkedQuery(subscription, null, new GlobalPosition(1), 2));

        assertThat(page).extracting(event -> event.position().value()).containsExactly(2L, 3L);
        assertThat(checkpoints.parked(new ParkedQuery(subscription, "another", GlobalPosition.START, 10)))
                .isEmpty();
    }

    @Test
    void anErrorThatCannotBeStoredDoesNotKeepAnEventFromBeingParked() {
        parked(held, parking(5, 1, "nul \0 and half a pair \uD800"));

        assertThat(waiting()).extracting(ParkedEvent::error).containsExactly("nul \uFFFD and half a pair ?");
    }
}
