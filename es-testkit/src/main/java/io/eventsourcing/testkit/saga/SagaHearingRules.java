package io.eventsourcing.testkit.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.saga.SagaId;
import io.eventsourcing.core.saga.SagaInstance;
import io.eventsourcing.core.saga.SagaRunner;
import io.eventsourcing.core.saga.SagaStorePort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.StopSubscriptionException;
import io.eventsourcing.testkit.saga.Deliveries.Lost;
import io.eventsourcing.testkit.saga.Deliveries.Packed;
import io.eventsourcing.testkit.saga.Deliveries.Paid;
import io.eventsourcing.testkit.saga.Deliveries.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an event makes of a process, and what follows, whatever fails meanwhile. */
abstract class SagaHearingRules extends SagaRules {

    SagaHearingRules(Function<EventSerialization, SagasUnderTest> opener) {
        super(opener);
    }

    private void hear(RecordedEvent... events) throws Exception {
        runner(under.sagas()).handle(List.of(events));
    }

    private SagaRunner<?> runner(SagaStorePort sagas) {
        return new SagaRunner<>(new Deliveries(name), bus(), sagas, serialization);
    }

    @Test
    void whatFollowsIsStoredAsCommandsOfTheEventsTenant() throws Exception {
        RecordedEvent paid = append(new Paid("o-1"));
        hear(paid);
        assertThat(types()).containsExactly("contract-remind o-1");

        RecordedEvent packed = append(new Packed("o-1"));
        hear(packed);
        assertThat(types()).containsExactly("contract-remind o-1", "contract-send o-1");
        StoredCommand send = commands().get(1);
        assertThat(send.stream().tenant()).isEqualTo(tenant);
        assertThat(send.metadata().causationId()).isEqualTo(packed.id().toString());
        assertThat(send.metadata().correlationId()).isEqualTo(packed.id().toString());
    }

    @Test
    void aLaterCommandIsDueSoLongAfterTheEventWasRecorded() throws Exception {
        RecordedEvent paid = append(new Paid("o-1"));
        hear(paid);

        assertThat(commands().get(0).dueAt()).isEqualTo(paid.recordedAt().plus(Duration.ofHours(1)));
    }

    @Test
    void eachEventCountsOnce() throws Exception {
        RecordedEvent paid = append(new Paid("o-1"));
        RecordedEvent packed = append(new Packed("o-1"));
        hear(paid, packed);
        List<StoredCommand> once = commands();
        hear(paid, packed);
        hear(packed);

        assertThat(commands()).isEqualTo(once);
        assertThat(under.sagas().find(process("o-1")).orElseThrow().state().json())
                .contains("\"paid\"")
                .doesNotContain("2");
    }

    @Test
    void whatIsOfNoInterestLeavesNothing() throws Exception {
        hear(append(new Paid("other")));

        assertThat(commands()).isEmpty();
        assertThat(under.sagas().find(process("other"))).isEmpty();
    }

    @Test
    void aProcessThatIsOverHearsNothing() throws Exception {
        hear(append(new Paid("o-1")), append(new Lost("o-1")), append(new Packed("o-1")));

        assertThat(types()).containsExactly("contract-remind o-1");
        assertThat(under.sagas().find(process("o-1")).orElseThrow().isComplete())
                .isTrue();
    }

    /** A store that fails after, or before, it has noted where a process stands. */
    private final class FailingSagas implements SagaStorePort {

        private final Random random;

        FailingSagas(Random random) {
            this.random = random;
        }

        @Override
        public Optional<SagaInstance> find(SagaId id) {
            failSometimes();
            return under.sagas().find(id);
        }

        @Override
        public boolean save(SagaInstance instance) {
            failSometimes();
            boolean saved = under.sagas().save(instance);
            failSometimes();
            return saved;
        }

        @Override
        public int purge(Duration completedBefore, int atMost) {
            return 0;
        }

        private void failSometimes() {
            if (random.nextInt(4) == 0) {
                throw new IllegalStateException("crash");
            }
        }
    }

    /** As a plain loop over the events tells it. */
    private static Map<String, Integer> expectedSends(List<Deliveries.Event> events) {
        Map<String, int[]> seen = new HashMap<>();
        Map<String, Integer> sends = new HashMap<>();
        for (Deliveries.Event event : events) {
            int[] counts = seen.computeIfAbsent(event.order(), any -> new int[3]);
            if (counts[2] > 0) {
                continue;
            }
            counts[event instanceof Paid ? 0 : event instanceof Packed ? 1 : 2]++;
            if (counts[2] == 0 && counts[0] == counts[1]) {
                sends.merge("contract-send " + event.order(), 1, Integer::sum);
            }
            if (event instanceof Paid) {
                sends.merge("contract-remind " + event.order(), 1, Integer::sum);
            }
        }
        return sends;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverFailsAndIsRepeatedTheCommandsAreThoseOfAPlainLoop(long seed) {
        Random random = new Random(seed);
        List<Deliveries.Event> events = new ArrayList<>();
        List<RecordedEvent> recorded = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String order = "o-" + random.nextInt(5);
            int kind = random.nextInt(20);
            Deliveries.Event event = kind == 0
                    ? new Lost(order)
                    : kind == 1 ? new Sent(order) : kind % 2 == 0 ? new Paid(order) : new Packed(order);
            events.add(event);
            recorded.add(append(event));
        }
        SagaRunner<?> runner = runner(new FailingSagas(random));
        int at = 0;
        while (at < recorded.size()) {
            int from = Math.max(0, at - random.nextInt(4)); // a checkpoint that was not noted
            try {
                runner.handle(recorded.subList(from, at + 1));
                at++;
            } catch (Exception e) {
                assertThat(e).hasRootCauseMessage("crash");
            }
        }
        Map<String, Integer> sent = new HashMap<>();
        types().forEach(type -> sent.merge(type, 1, Integer::sum));

        assertThat(sent).isEqualTo(expectedSends(events));
    }

    @Test
    void aCommandThatACheckRejectsIsLeftOut() throws Exception {
        checks.add(request -> request.command() instanceof Deliveries.Remind
                ? Optional.of(Rejection.of(Rejection.FORBIDDEN, "no"))
                : Optional.empty());
        hear(append(new Paid("o-1")), append(new Packed("o-1")));

        assertThat(types()).containsExactly("contract-send o-1");
    }

    /** No retry would mend it, and no other process is better off. */
    @Test
    void aCommandThatNobodyHandlesStopsTheSubscription() {
        SagaRunner<?> unrouted =
                new SagaRunner<>(new Deliveries(name), bus(handlers -> handlers), under.sagas(), serialization);
        RecordedEvent paid = append(new Paid("o-1"));

        assertThatThrownBy(() -> unrouted.handle(List.of(paid)))
                .cause()
                .isInstanceOf(StopSubscriptionException.class)
                .hasMessageContaining(name);
        assertThat(under.sagas().find(process("o-1"))).isEmpty();
    }

    @Test
    void anErrorOfThePlanNotesNothingAndSaysWhichEvent() throws Exception {
        hear(append(new Paid("poison")));
        RecordedEvent packed = append(new Packed("poison"));

        assertThatThrownBy(() -> hear(packed)).hasRootCauseMessage("a defect");
        assertThat(under.sagas().find(process("poison")).orElseThrow().position())
                .isLessThan(packed.position());
    }
}
