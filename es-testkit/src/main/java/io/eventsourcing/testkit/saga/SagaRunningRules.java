package io.eventsourcing.testkit.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.CommandWorkers;
import io.eventsourcing.core.command.WorkerSettings;
import io.eventsourcing.core.log.LogTail;
import io.eventsourcing.core.log.TailSettings;
import io.eventsourcing.core.saga.SagaRunner;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.SubscriptionSettings;
import io.eventsourcing.core.subscription.Subscriptions;
import io.eventsourcing.testkit.saga.Deliveries.Packed;
import io.eventsourcing.testkit.saga.Deliveries.Paid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sagas on subscriptions, with the commands that they send, on one node and on several. */
@Timeout(120)
abstract class SagaRunningRules extends SagaRules {

    private static final TailSettings EAGER =
            new TailSettings(1_000, Duration.ofMinutes(1), Duration.ofMillis(1), Duration.ofMillis(10));

    private final Duration patience;
    private final List<AutoCloseable> running = new ArrayList<>();

    SagaRunningRules(Function<EventSerialization, SagasUnderTest> opener, Duration patience) {
        super(opener);
        this.patience = patience;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = running.size() - 1; i >= 0; i--) {
            running.get(i).close();
        }
    }

    private void node() {
        LogTail tail = new LogTail(under.subscriptions().log(), serialization, EAGER);
        running.add(tail);
        Subscriptions subscriptions = new Subscriptions(
                tail,
                under.subscriptions().log(),
                under.subscriptions().checkpoints(),
                new SubscriptionSettings("node", Duration.ofSeconds(2), Duration.ofSeconds(10)));
        running.add(subscriptions);
        subscriptions.start(new SagaRunner<>(new Deliveries(name), bus(), under.sagas(), serialization).subscription());
        running.add(new CommandWorkers(bus(), under.commands().queue(), WorkerSettings.of("node")));
    }

    private void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not within " + patience + ".");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private boolean isOver(String order) {
        return under.sagas()
                .find(process(order))
                .filter(saga -> saga.isComplete())
                .isPresent();
    }

    private long sent(String order) {
        return under.subscriptions()
                .events()
                .load(new StreamId(tenant, "contract-delivery", order))
                .toList()
                .size();
    }

    @Test
    void aProcessRunsToItsEndOverEventsAndCommands() {
        node();
        append(new Paid("o-1"));
        append(new Packed("o-1"));
        append(new Packed("o-2"));
        append(new Paid("o-2"));
        await(() -> isOver("o-1") && isOver("o-2"));

        assertThat(sent("o-1")).isEqualTo(1);
        assertThat(sent("o-2")).isEqualTo(1);
        assertThat(commands())
                .filteredOn(command -> command.payload().type().name().equals("contract-remind"))
                .hasSize(2)
                .allMatch(command -> command.status() == CommandStatus.PENDING);
    }

    @Test
    void nodesShareTheProcesses() {
        node();
        node();
        for (int i = 0; i < 30; i++) {
            append(new Paid("o-" + i));
            append(new Packed("o-" + i));
        }
        await(() -> {
            for (int i = 0; i < 30; i++) {
                if (!isOver("o-" + i)) {
                    return false;
                }
            }
            return true;
        });
        for (int i = 0; i < 30; i++) {
            assertThat(sent("o-" + i)).isEqualTo(1);
        }
    }

    @Test
    void itStartsAtTheEndOfTheLog() {
        append(new Paid("before"));
        append(new Packed("before"));
        node();
        append(new Paid("o-1"));
        append(new Packed("o-1"));
        await(() -> isOver("o-1"));

        assertThat(under.sagas().find(process("before"))).isEmpty();
    }

    @Test
    void anEventWhosePlanFailsHoldsUpItsProcessAlone() {
        node();
        append(new Paid("poison"));
        append(new Packed("poison"));
        append(new Paid("o-1"));
        append(new Packed("o-1"));
        await(() -> isOver("o-1"));

        assertThat(isOver("poison")).isFalse();
        assertThat(sent("poison")).isZero();
    }
}
