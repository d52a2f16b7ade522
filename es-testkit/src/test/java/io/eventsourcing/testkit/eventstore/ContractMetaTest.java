package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.testkit.command.CommandStoreContract;
import io.eventsourcing.testkit.command.CommandsUnderTest;
import io.eventsourcing.testkit.command.DoNothingCommands;
import io.eventsourcing.testkit.projection.DoNothingProjections;
import io.eventsourcing.testkit.projection.ProjectionContract;
import io.eventsourcing.testkit.projection.ProjectionsUnderTest;
import io.eventsourcing.testkit.saga.DoNothingSagas;
import io.eventsourcing.testkit.saga.SagaContract;
import io.eventsourcing.testkit.saga.SagasUnderTest;
import io.eventsourcing.testkit.subscription.CheckpointContract;
import io.eventsourcing.testkit.subscription.CheckpointsUnderTest;
import io.eventsourcing.testkit.subscription.SubscriptionContract;
import io.eventsourcing.testkit.subscription.SubscriptionsUnderTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.engine.JupiterTestEngine;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Every test of every suite can fail: it does, against a store that does nothing. */
class ContractMetaTest {

    @Test
    void everyEventStoreTestFailsAgainstAStoreThatDoesNothing() {
        assertEveryTestFails(EventStoreOfNothing.class, 148);
    }

    @Test
    void everySnapshotTestFailsAgainstAStoreThatDoesNothing() {
        assertEveryTestFails(SnapshotsOfNothing.class, 30);
    }

    @Test
    void everyTenancyTestFailsAgainstAStoreThatDoesNothing() {
        assertEveryTestFails(TenancyOfNothing.class, 15);
    }

    @Test
    void everyLogTestFailsAgainstAStoreThatDoesNothing() {
        assertEveryTestFails(LogOfNothing.class, 25);
    }

    @Test
    void everyCheckpointTestFailsAgainstAStoreThatDoesNothing() {
        assertEveryTestFails(CheckpointsOfNothing.class, 78);
    }

    @Test
    void everySubscriptionTestFailsAgainstAStoreThatDoesNothing() {
        assertEveryTestFails(SubscriptionsOfNothing.class, 54);
    }

    @Test
    void everyCommandStoreTestFailsAgainstAStoreThatDoesNothing() {
        assertEveryTestFails(CommandsOfNothing.class, 57);
    }

    @Test
    void everySagaTestFailsAgainstAStoreThatDoesNothing() {
        assertEveryTestFails(SagasOfNothing.class, 20);
    }

    @Test
    void everyProjectionTestFailsAgainstAStoreThatDoesNothing() {
        assertEveryTestFails(ProjectionsOfNothing.class, 54);
    }

    private static void assertEveryTestFails(Class<?> suite, int all) {
        Events tests = EngineTestKit.engine(new JupiterTestEngine())
                .selectors(selectClass(suite))
                .execute()
                .testEvents();

        assertThat(tests.skipped().list()).as("skipped tests").isEmpty();
        assertThat(tests.succeeded().map(Event::getTestDescriptor))
                .as("tests that pass against a store that does nothing")
                .isEmpty();
        assertThat(tests.failed().count()).isEqualTo(all);
    }

    private static StoreUnderTest nothing() {
        DoNothingStore store = new DoNothingStore();
        return new StoreUnderTest(store, store);
    }

    static class EventStoreOfNothing extends EventStoreContract {
        @Override
        protected StoreUnderTest open(EventSerialization serialization) {
            return nothing();
        }
    }

    static class LogOfNothing extends EventLogContract {
        @Override
        protected LogUnderTest open(EventSerialization serialization) {
            DoNothingStore store = new DoNothingStore();
            return new LogUnderTest(store, store);
        }
    }

    static class SnapshotsOfNothing extends SnapshotContract {
        @Override
        protected StoreUnderTest open(EventSerialization serialization) {
            return nothing();
        }
    }

    static class TenancyOfNothing extends TenancyContract {
        @Override
        protected StoreUnderTest open(EventSerialization serialization) {
            return nothing();
        }
    }

    static class CheckpointsOfNothing extends CheckpointContract {
        @Override
        protected CheckpointsUnderTest open() {
            return new CheckpointsUnderTest(new DoNothingCheckpoints(), node -> {});
        }
    }

    static class CommandsOfNothing extends CommandStoreContract {
        @Override
        protected CommandsUnderTest open() {
            DoNothingCommands commands = new DoNothingCommands();
            DoNothingStore store = new DoNothingStore();
            return new CommandsUnderTest(commands, commands, listener -> {}, store, store, claim -> {});
        }
    }

    static class SagasOfNothing extends SagaContract {
        @Override
        protected SagasUnderTest open(EventSerialization serialization) {
            DoNothingCommands commands = new DoNothingCommands();
            DoNothingStore store = new DoNothingStore();
            return new SagasUnderTest(
                    new DoNothingSagas(),
                    new SubscriptionsUnderTest(store, store, new DoNothingCheckpoints()),
                    new CommandsUnderTest(commands, commands, listener -> {}, store, store, claim -> {}));
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(100);
        }
    }

    static class ProjectionsOfNothing extends ProjectionContract {
        @Override
        protected ProjectionsUnderTest open(EventSerialization serialization) {
            DoNothingStore store = new DoNothingStore();
            DoNothingProjections projections = new DoNothingProjections(store);
            return new ProjectionsUnderTest(
                    store, store, new DoNothingCheckpoints(), projections, projections, projections);
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(100);
        }
    }

    static class SubscriptionsOfNothing extends SubscriptionContract {
        @Override
        protected SubscriptionsUnderTest open(EventSerialization serialization) {
            DoNothingStore store = new DoNothingStore();
            return new SubscriptionsUnderTest(store, store, new DoNothingCheckpoints());
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(100);
        }
    }
}
