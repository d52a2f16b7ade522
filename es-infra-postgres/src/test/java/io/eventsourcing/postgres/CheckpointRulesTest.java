package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.Checkpoint;
import io.eventsourcing.core.subscription.OwnedSegment;
import io.eventsourcing.core.subscription.SegmentId;
import io.eventsourcing.core.subscription.SegmentLostException;
import io.eventsourcing.core.subscription.SegmentState;
import io.eventsourcing.core.subscription.Sequencing;
import io.eventsourcing.core.subscription.SubscriptionMismatchException;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** The rules that keep a batch from counting twice and a segment from having two owners, each provoked with interleaved transactions. */
class CheckpointRulesTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final GlobalPosition REACHED = new GlobalPosition(5);
    private static final int SEGMENTS = 16;

    private final DataSource dataSource = postgres.database().dataSource();
    private final DataSource admin = postgres.database().adminDataSource();
    private final PostgresCheckpoints checkpoints = new PostgresCheckpoints(dataSource);

    @BeforeAll
    static void migrate() {
        DataSource dataSource = postgres.database().dataSource();
        new EventStoreSchema(dataSource).migrate();
        Sql.execute(dataSource, "create table read_model (name text)");
    }

    private String subscription(int segments) {
        return SubscriptionNode.newSubscription(checkpoints, segments);
    }

    private SubscriptionNode node(String subscription) {
        return SubscriptionNode.of(checkpoints, subscription);
    }

    /** On another thread, so that it takes no part in the transaction of this one; fails if it waits for that. */
    private static <T> T elsewhere(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private GlobalPosition position(SegmentId segment) {
        return checkpoints
                .segments(segment.subscription())
                .get(segment.number())
                .position();
    }

    @Test
    void anOldTokenCannotAdvanceAndWhatItWroteIsRolledBack() {
        String subscription = subscription(1);
        SubscriptionNode old = node(subscription);
        Checkpoint held = old.renewed().get(0);
        List<Checkpoint> taken = new ArrayList<>();

        assertThatExceptionOfType(SegmentLostException.class)
                .isThrownBy(() -> checkpoints.inTransaction(() -> {
                    Sql.execute(
                            DataSourceUtils.getConnection(dataSource),
                            "insert into read_model values ('" + subscription + "')");
                    old.expire(dataSource);
                    taken.addAll(elsewhere(() -> node(subscription).renewed()));
                    checkpoints.advance(held, REACHED);
                }))
                .withMessageContaining(held.segment().toString());

        assertThat(Sql.texts(dataSource, "select name from read_model where name = ?", subscription))
                .isEmpty();
        assertThat(taken).singleElement().satisfies(now -> {
            assertThat(now.token()).isGreaterThan(held.token());
            assertThat(checkpoints.advance(now, REACHED)).isEqualTo(now.at(REACHED));
        });
    }

    @Test
    void whatABatchWroteIsCommittedWithItsCheckpoint() {
        String subscription = subscription(1);
        Checkpoint held = node(subscription).renewed().get(0);

        checkpoints.inTransaction(() -> {
            Sql.execute(
                    DataSourceUtils.getConnection(dataSource),
                    "insert into read_model values ('" + subscription + "')");
            checkpoints.advance(held, REACHED);
            assertThat(elsewhere(() -> position(held.segment()))).isEqualTo(GlobalPosition.START);
        });

        assertThat(Sql.texts(dataSource, "select name from read_model where name = ?", subscription))
                .hasSize(1);
        assertThat(position(held.segment())).isEqualTo(REACHED);
    }

    @Test
    void theSameBatchDoesNotCountTwice() {
        Checkpoint held = node(subscription(1)).renewed().get(0);
        checkpoints.advance(held, REACHED);

        assertThatExceptionOfType(SegmentLostException.class).isThrownBy(() -> checkpoints.advance(held, REACHED));
        assertThat(checkpoints.advanceAll(List.of(held), List.of(REACHED))).isEmpty();
    }

    /** A look at the token before the update would see the one from before the wait, and count the batch twice. */
    @Test
    void aBatchThatWaitedForAnotherLooksAgain() {
        Checkpoint held = node(subscription(1)).renewed().get(0);
        List<CompletableFuture<Checkpoint>> second = new ArrayList<>();

        checkpoints.inTransaction(() -> {
            checkpoints.advance(held, REACHED);
            second.add(CompletableFuture.supplyAsync(() -> checkpoints.advance(held, REACHED)));
            Sql.awaitLockWait(admin, "transactionid");
        });

        assertThat(second.get(0))
                .failsWithin(20, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(SegmentLostException.class);
    }

    /** The lease ends after the transaction has begun, when now() still says that it lasts. */
    @Test
    void anExpiredLeaseCannotAdvanceAlthoughNobodyTookOver() {
        SubscriptionNode node = node(subscription(1));
        Checkpoint held = node.renewed().get(0);

        assertThatExceptionOfType(SegmentLostException.class)
                .isThrownBy(() -> checkpoints.inTransaction(() -> {
                    node.expire(dataSource);
                    checkpoints.advance(held, REACHED);
                }));
        assertThat(checkpoints.advanceAll(List.of(held), List.of(REACHED))).isEmpty();
        assertThat(position(held.segment())).isEqualTo(GlobalPosition.START);
    }

    @Test
    void leasesAreMeasuredByTheClock() {
        assertThat(sourcesLike("%.lasts(l)%")).hasSizeGreaterThanOrEqualTo(7);
        assertThat(sourcesLike("%expires_at%"))
                .hasSize(2)
                .allSatisfy(source -> assertThat(source).contains("clock_timestamp()"));
        assertThat(sourcesLike("%lease%"))
                .allSatisfy(source -> assertThat(source)
                        .doesNotContainPattern(
                                "[^_]now\\(\\)|current_timestamp|transaction_timestamp|statement_timestamp"));
    }

    private List<String> sourcesLike(String pattern) {
        return Sql.texts(
                dataSource,
                "select prosrc from pg_proc where pronamespace = 'eventsourcing'::regnamespace and prosrc like ?",
                pattern);
    }

    /** The one that was promoted or restored since may lack what the owner has read. {@code FailoverIT} shows what comes of it. */
    @Test
    void aLeaseDoesNotSurviveItsServer() {
        SubscriptionNode node = node(subscription(1));
        Checkpoint held = node.renewed().get(0);

        Sql.execute(dataSource, "update eventsourcing.lease set server_began = server_began - interval '1 second'");

        assertThatExceptionOfType(SegmentLostException.class).isThrownBy(() -> checkpoints.advance(held, REACHED));
        assertThat(node.renewed().get(0).token()).isGreaterThan(held.token());
    }

    /** Or the segments of a node that died would be nobody's, for as long as the clock was set back. */
    @Test
    void aLeaseThatWasGivenBeforeTheClockWasSetBackIsOver() {
        String subscription = subscription(2);
        SubscriptionNode dead = node(subscription);
        Checkpoint held = dead.renewed().get(0);
        Sql.execute(
                dataSource,
                "update eventsourcing.lease set given_at = given_at + interval '1 hour', expires_at = expires_at + interval '1 hour'"
                        + " where node = '" + dead.id() + "'");

        assertThatExceptionOfType(SegmentLostException.class).isThrownBy(() -> checkpoints.advance(held, REACHED));
        assertThat(node(subscription).renewed()).hasSize(2);
    }

    @Test
    void aLeaseThatWasOverBeginsAnewWithNewTokens() {
        SubscriptionNode node = node(subscription(2));
        List<Checkpoint> before = node.renewed();
        assertThat(node.renewed()).as("while it lasts").isEqualTo(before);

        node.expire(dataSource);

        assertThat(node.renewed())
                .extracting(Checkpoint::token)
                .containsExactly(before.get(0).token() + 1, before.get(1).token() + 1);
    }

    /** Who claims sees the leases as they were when its statement began: a node that claimed meanwhile would seem to have none. */
    @Test
    void twoNodesThatRenewAtTheSameTimeNeverOwnOneSegment() throws SQLException {
        new EventStoreSchema(dataSource, "slow").migrate();
        PostgresCheckpoints itsCheckpoints = new PostgresCheckpoints(dataSource, "slow");
        Sql.execute(
                dataSource,
                "alter function slow.segment_shares(uuid, text[]) rename to segment_shares_at_once",
                "create function slow.segment_shares(p_node uuid, p_subscriptions text[])"
                        + " returns table (subscription text, share bigint) language plpgsql volatile as $$ begin"
                        + " if current_setting('application_name') = 'slow' then perform pg_advisory_xact_lock_shared(4712); end if;"
                        + " return query select * from slow.segment_shares_at_once(p_node, p_subscriptions); end $$");
        String subscription = SubscriptionNode.newSubscription(itsCheckpoints, SEGMENTS);
        PGSimpleDataSource slow = (PGSimpleDataSource) postgres.database().dataSource();
        slow.setApplicationName("slow");
        CompletableFuture<List<Checkpoint>> first;
        List<Checkpoint> second;
        try (Connection gate = admin.getConnection()) {
            Sql.texts(gate, "select pg_advisory_lock(4712)");
            first = CompletableFuture.supplyAsync(
                    () -> SubscriptionNode.of(new PostgresCheckpoints(slow, "slow"), subscription)
                            .renewed());
            Sql.awaitLockWait(admin, "advisory");
            second = elsewhere(
                    () -> SubscriptionNode.of(itsCheckpoints, subscription).renewed());
        }

        assertThat(Stream.concat(first.join().stream(), second.stream()).map(Checkpoint::segment))
                .isNotEmpty()
                .doesNotHaveDuplicates();
    }

    @Test
    void manyNodesThatRenewAtTheSameTimeNeverOwnOneSegment() {
        for (int round = 0; round < 10; round++) {
            String subscription = subscription(SEGMENTS);
            List<CompletableFuture<List<Checkpoint>>> renewals = IntStream.range(0, 6)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> node(subscription).renewed()))
                    .toList();

            assertThat(renewals.stream()
                            .flatMap(renewal -> renewal.join().stream())
                            .map(Checkpoint::segment))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aRenewalDoesNotWaitForALockedCheckpoint() {
        String subscription = subscription(SEGMENTS);
        SubscriptionNode suspended = node(subscription);
        SubscriptionNode other = node(subscription);
        Checkpoint locked = suspended.renewed().get(3);

        checkpoints.inTransaction(() -> {
            checkpoints.lock(locked.segment());
            suspended.expire(dataSource);
            assertThat(elsewhere(other::renewed)).hasSize(SEGMENTS - 1).doesNotContain(locked);
            elsewhere(suspended::renewed);
            elsewhere(() -> {
                checkpoints.leave(suspended.id());
                return true;
            });
        });

        assertThat(other.renewed()).as("free, although it was locked").hasSize(SEGMENTS);
    }

    @Test
    void aRenewalDoesNotWaitForAnotherThatIsStuck() throws SQLException {
        String subscription = subscription(SEGMENTS);
        SubscriptionNode other = node(subscription);
        SubscriptionNode dead = node(subscription);
        dead.renew();
        Sql.execute(
                dataSource,
                "update eventsourcing.lease set expires_at = clock_timestamp() - interval '1 hour' where node = '"
                        + dead.id() + "'");
        try (Connection stuck = dataSource.getConnection()) {
            stuck.setAutoCommit(false);
            assertThat(Sql.texts(
                            stuck,
                            "select segment from eventsourcing.renew_lease(gen_random_uuid(), 'stuck', array[?], '{}', 60000)",
                            subscription))
                    .hasSize(SEGMENTS);

            assertThat(elsewhere(other::renewed)).as("claimed beside it").isEmpty();
            assertThat(new PostgresEventLog(dataSource, Noted.SERIALIZATION)
                            .highWaterMark()
                            .lag())
                    .as("held back")
                    .isZero();
            stuck.rollback();
        }
        assertThat(other.renewed()).hasSize(SEGMENTS);
    }

    @Test
    void storesOfTwoNamesDoNotMeetInTheirRenewals() throws SQLException {
        new EventStoreSchema(dataSource, "neighbour").migrate();
        PostgresCheckpoints neighbour = new PostgresCheckpoints(dataSource, "neighbour");
        String subscription = SubscriptionNode.newSubscription(neighbour, 2);
        try (Connection stuck = dataSource.getConnection()) {
            stuck.setAutoCommit(false);
            Sql.texts(
                    stuck,
                    "select segment from eventsourcing.renew_lease(gen_random_uuid(), 'stuck', '{}', '{}', 60000)");

            assertThat(elsewhere(
                            () -> SubscriptionNode.of(neighbour, subscription).renewed()))
                    .hasSize(2);
            stuck.rollback();
        }
    }

    /** Somebody else had the segment meanwhile, and left the checkpoint where it was. */
    @Test
    void aTokenThatWasReplacedMovesNothingAlsoTogetherWithOthers() {
        SubscriptionNode node = node(subscription(2));
        List<Checkpoint> before = node.renewed();
        node.expire(dataSource);
        List<Checkpoint> now = node.renewed();

        assertThat(checkpoints.advanceAll(List.of(before.get(0), now.get(1)), List.of(REACHED, REACHED)))
                .containsExactly(now.get(1).at(REACHED));
    }

    /** Where connections do not commit by themselves, and the node is suspended before it does. */
    @Test
    void aRenewalThatIsNeverCommittedIsEndedByPostgres() throws SQLException {
        String renewal = "select segment from eventsourcing.renew_lease(gen_random_uuid(), 'x', '{}', '{}', 1)";
        String limit = "show idle_in_transaction_session_timeout";
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            Sql.texts(connection, renewal);
            assertThat(Sql.texts(connection, limit)).containsExactly("2s");
            connection.commit();
            assertThat(Sql.texts(connection, limit)).as("of the session").containsExactly("0");

            Sql.execute(connection, "set local idle_in_transaction_session_timeout = '1s'");
            Sql.texts(connection, renewal);
            assertThat(Sql.texts(connection, limit)).as("a shorter one stays").containsExactly("1s");
            connection.rollback();
        }
    }

    /** A token that a crash forgets would be given out again, to another node. */
    @Test
    void aClaimSurvivesACrash() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, "set local synchronous_commit = off");
            Sql.texts(
                    connection, "select segment from eventsourcing.renew_lease(gen_random_uuid(), 'x', '{}', '{}', 1)");

            assertThat(Sql.texts(connection, "show synchronous_commit")).containsExactly("local");
            connection.rollback();
        }
    }

    @Test
    void segmentsAreSharedEquallyByTheNodesThereAre() {
        String subscription = subscription(SEGMENTS);
        List<SubscriptionNode> nodes =
                Stream.generate(() -> node(subscription)).limit(4).toList();
        assertThat(nodes.get(0).renewAndReleaseSurplus()).hasSize(SEGMENTS);

        assertThat(settled(nodes)).extracting(List::size).containsExactly(4, 4, 4, 4);
        assertThat(settled(nodes)).as("once settled, nothing moves").isEqualTo(settled(nodes));

        checkpoints.leave(nodes.get(3).id());
        assertThat(settled(nodes.subList(0, 3))).extracting(List::size).containsExactlyInAnyOrder(6, 5, 5);

        nodes.get(2).expire(dataSource);
        checkpoints.leave(nodes.get(1).id());
        assertThat(settled(nodes.subList(0, 1))).extracting(List::size).containsExactly(SEGMENTS);
    }

    /** Each node renews a few times, in turn; answers what each has in the end. */
    private static List<List<Checkpoint>> settled(List<SubscriptionNode> nodes) {
        for (int round = 0; round < 3; round++) {
            nodes.forEach(SubscriptionNode::renewAndReleaseSurplus);
        }
        return nodes.stream().map(SubscriptionNode::renewAndReleaseSurplus).toList();
    }

    @Test
    void theHighestSegmentsAreSurplus() {
        String subscription = subscription(SEGMENTS);
        SubscriptionNode node = node(subscription);
        node.renew();
        node(subscription).renew();

        assertThat(node.renew())
                .filteredOn(OwnedSegment::isSurplus)
                .extracting(owned -> owned.checkpoint().segment().number())
                .containsExactly(8, 9, 10, 11, 12, 13, 14, 15);
    }

    /** The nodes and names are fixed, because who is first depends on them. */
    @Test
    void subscriptionsOfOneSegmentSpreadOverTheNodes() {
        List<String> names = IntStream.range(0, 20).mapToObj(i -> "single-" + i).toList();
        names.forEach(name -> checkpoints.register(name, new Sequencing(1, "single"), () -> GlobalPosition.START));
        List<SubscriptionNode> nodes = IntStream.range(0, 4)
                .mapToObj(i -> new SubscriptionNode(checkpoints, new UUID(7, i), Set.copyOf(names)))
                .toList();

        assertThat(settled(nodes))
                .allSatisfy(owned -> assertThat(owned).hasSizeBetween(2, 9))
                .satisfies(all -> assertThat(all.stream().flatMap(List::stream)).hasSize(20));
    }

    @Test
    void onlyNodesThatRunASubscriptionCount() {
        String subscription = subscription(4);
        node(subscription(4)).renew();

        SubscriptionNode node = node(subscription);
        assertThat(node.renewed()).hasSize(4);

        assertThat(new SubscriptionNode(checkpoints, node.id(), Set.of()).renew())
                .as("of a subscription that it does not run any more")
                .isEmpty();
        assertThat(node(subscription).renewed()).hasSize(4);
    }

    @Test
    void aReleasedSegmentIsFreeAtThePositionThatWasReached() {
        String subscription = subscription(1);
        SubscriptionNode node = node(subscription);
        Checkpoint held = node.renewed().get(0);

        checkpoints.release(List.of(held.at(REACHED)));
        Checkpoint again = node.renewed().get(0);
        assertThat(again.position()).isEqualTo(REACHED);
        assertThat(again.token()).isGreaterThan(held.token());

        checkpoints.release(List.of(held.at(new GlobalPosition(9))));
        assertThat(checkpoints.advance(again, new GlobalPosition(6)).position())
                .as("still owned, and not moved by who does not own it")
                .isEqualTo(new GlobalPosition(6));
        checkpoints.release(List.of(again));
        assertThat(position(held.segment())).as("never back").isEqualTo(new GlobalPosition(6));
    }

    @Test
    void quietCheckpointsMoveTogetherAndLostOnesStay() {
        SubscriptionNode node = node(subscription(3));
        List<Checkpoint> held = node.renewed();
        checkpoints.release(held.subList(1, 2));

        List<Checkpoint> moved = checkpoints.advanceAll(held, List.of(REACHED, REACHED, new GlobalPosition(7)));

        assertThat(moved)
                .containsExactlyInAnyOrder(held.get(0).at(REACHED), held.get(2).at(new GlobalPosition(7)));
        assertThat(position(held.get(1).segment())).isEqualTo(GlobalPosition.START);
    }

    @Test
    void aSegmentShowsItsOwnerWhileTheLeaseLasts() {
        String subscription = subscription(1);
        SubscriptionNode node = node(subscription);
        SegmentId segment = new SegmentId(subscription, 0);
        node.renew();
        assertThat(checkpoints.segments(subscription))
                .containsExactly(new SegmentState(segment, GlobalPosition.START, "node " + node.id(), 0));

        node.expire(dataSource);

        assertThat(checkpoints.segments(subscription))
                .containsExactly(new SegmentState(segment, GlobalPosition.START, null, 0));
        assertThat(checkpoints.segments("unknown")).isEmpty();
    }

    @Test
    void aKnownSubscriptionIsNotAskedForItsStart() {
        String subscription = subscription(2);

        checkpoints.register(subscription, new Sequencing(2, "by stream"), () -> {
            throw new AssertionError("asked");
        });

        for (Sequencing other : List.of(new Sequencing(3, "by stream"), new Sequencing(2, "single"))) {
            assertThatExceptionOfType(SubscriptionMismatchException.class)
                    .isThrownBy(() -> checkpoints.register(subscription, other, () -> REACHED))
                    .withMessageContaining(subscription);
        }
        assertThat(position(new SegmentId(subscription, 1))).isEqualTo(GlobalPosition.START);
    }

    @Test
    void ofTwoNodesThatRegisterOneSubscriptionTheFirstDecides() {
        String subscription = "subscription-" + UUID.randomUUID();
        List<CompletableFuture<Void>> second = new ArrayList<>();

        checkpoints.inTransaction(() -> {
            checkpoints.register(subscription, new Sequencing(2, "by stream"), () -> REACHED);
            second.add(CompletableFuture.runAsync(() ->
                    checkpoints.register(subscription, new Sequencing(3, "by stream"), () -> GlobalPosition.START)));
            Sql.awaitLockWait(admin, "transactionid");
        });

        assertThat(second.get(0))
                .failsWithin(20, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(SubscriptionMismatchException.class);
        assertThat(checkpoints.segments(subscription))
                .extracting(SegmentState::position)
                .containsExactly(REACHED, REACHED);
    }

    /** Its statements would not see what was committed while they waited. */
    @Test
    void aTransactionWithOneSnapshotIsRefused() {
        PGSimpleDataSource repeatable = (PGSimpleDataSource) postgres.database().dataSource();
        repeatable.setOptions("-c default_transaction_isolation=serializable");

        assertThatExceptionOfType(EventStoreRefusedException.class)
                .isThrownBy(() -> SubscriptionNode.of(new PostgresCheckpoints(repeatable), subscription(1))
                        .renew())
                .withMessageContainingAll("'serializable'", "READ COMMITTED", "Nothing was written");
    }
}
