package io.eventsourcing.testkit.saga;

import io.eventsourcing.core.command.CommandCheck;
import io.eventsourcing.core.command.CommandHandlers;
import io.eventsourcing.core.command.CommandObserver;
import io.eventsourcing.core.command.CommandQuery;
import io.eventsourcing.core.command.CommandSettings;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.saga.SagaId;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of sagas share. Each has a tenant and a saga of its own. */
abstract class SagaRules {

    private final Function<EventSerialization, SagasUnderTest> opener;
    final EventSerialization serialization = Deliveries.serialization();
    final TenantId tenant = TenantId.of("t-" + UUID.randomUUID());
    final String name = "saga-" + UUID.randomUUID();
    final List<CommandCheck> checks = new ArrayList<>();
    SagasUnderTest under;

    @SuppressWarnings("NullAway.Init") // opened before each test
    SagaRules(Function<EventSerialization, SagasUnderTest> opener) {
        this.opener = opener;
    }

    @BeforeEach
    void open() {
        under = opener.apply(serialization);
    }

    final SagaId process(String instance) {
        return new SagaId(tenant, name, instance);
    }

    final DirectCommandBus bus() {
        return bus(handlers -> handlers.decider(new Deliveries.Deliverer()));
    }

    final DirectCommandBus bus(UnaryOperator<CommandHandlers.Builder> with) {
        CommandHandlers.Builder handlers = CommandHandlers.builder(
                under.commands().events(),
                under.commands().snapshots(),
                under.commands().store());
        return new DirectCommandBus(
                with.apply(handlers).build(serialization), checks, CommandSettings.DEFAULT, CommandObserver.NONE);
    }

    /** Each kind of event has a stream of its own. */
    final RecordedEvent append(Deliveries.Event event) {
        StreamId stream = new StreamId(tenant, event.getClass().getSimpleName(), event.order());
        AppendResult appended =
                under.subscriptions().events().append(AppendRequest.of(stream, ExpectedVersion.any(), event));
        return under.subscriptions()
                .events()
                .load(stream, appended.version())
                .toList()
                .get(0);
    }

    final List<StoredCommand> commands() {
        return under.commands().store().list(CommandQuery.all().ofTenant(tenant).limit(1_000));
    }

    final List<String> types() {
        return commands().stream()
                .map(command ->
                        command.payload().type().name() + " " + command.stream().id())
                .toList();
    }
}
