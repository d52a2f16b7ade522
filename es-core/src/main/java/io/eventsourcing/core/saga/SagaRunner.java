package io.eventsourcing.core.saga;

import io.eventsourcing.core.command.CommandBus;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandIdReusedException;
import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandRequest;
import io.eventsourcing.core.command.Due;
import io.eventsourcing.core.command.UnroutableCommandException;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.log.LogFilter;
import io.eventsourcing.core.saga.ProcessPlan.Step;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.serialization.PayloadContext;
import io.eventsourcing.core.serialization.PayloadSerialization;
import io.eventsourcing.core.serialization.PayloadSerialization.SerializedPayloadOf;
import io.eventsourcing.core.serialization.TypeArguments;
import io.eventsourcing.core.subscription.Delivery;
import io.eventsourcing.core.subscription.SequencingPolicy;
import io.eventsourcing.core.subscription.StopSubscriptionException;
import io.eventsourcing.core.subscription.Subscription;
import io.eventsourcing.core.subscription.SubscriptionHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a saga on a subscription: what its plans say is scheduled, to be handled by the workers of any node.
 *
 * <p>The id of a command is a function of the saga, the event and the place in the plan, and a process notes the event that it has heard last:
 * so an event that comes again, after a crash at any point, sends nothing twice. An event whose plan fails waits as a parked event,
 * and with it the later ones of its process. A command that a check rejects is not sent, and the process goes on; one that nobody handles
 * stops the subscription. Thread-safe.
 *
 * @param <S> the state of a process
 */
public final class SagaRunner<S> implements SubscriptionHandler {

    private static final Logger LOGGER = LoggerFactory.getLogger(SagaRunner.class);

    private final SagaDefinition<S> definition;
    private final CommandBus bus;
    private final SagaStorePort store;
    private final EventTypes events;
    private final PayloadSerialization payloads;
    private final VersionedType stateType;
    private final Class<S> stateClass;
    private final Function<SerializedPayloadOf, Object> states;
    private final SubscriptionHandler each = SubscriptionHandler.each(this::handle);

    /**
     * A runner, which begins with its {@link #subscription}.
     *
     * @param definition the saga
     * @param bus takes the commands
     * @param store keeps where the processes stand; in the transactions of the subscription's checkpoints, where there are some
     * @param serialization of the events; its mapper and codecs are those of the states, too
     * @throws SagaConfigurationException if the saga does not say what its state is, or hears no event that there is
     */
    public SagaRunner(
            SagaDefinition<S> definition, CommandBus bus, SagaStorePort store, EventSerialization serialization) {
        this.definition = definition;
        this.bus = bus;
        this.store = store;
        this.events = serialization.eventTypes();
        this.payloads = serialization.payloads();
        this.stateType = new VersionedType(definition.name(), definition.stateVersion());
        this.stateClass = stateClass(definition);
        this.states = payloads.reading(Map.of(stateType, stateClass), definition.stateUpcasters());
    }

    @SuppressWarnings("unchecked") // it is the argument of that very parameter
    private static <S> Class<S> stateClass(SagaDefinition<S> definition) {
        List<Class<?>> types = TypeArguments.of(definition.getClass(), SagaDefinition.class);
        if (types.isEmpty() || types.get(0) == Object.class) {
            throw new SagaConfigurationException("The saga '" + definition.name() + "' ("
                    + definition.getClass().getName()
                    + ") does not say what its state is, so that it could not be read again. It was not started. Write a class that"
                    + " implements SagaDefinition with a class for it, such as a record.");
        }
        return (Class<S>) types.get(0);
    }

    /**
     * What follows the log for this saga: each event that it hears counts once, and those of one process come one after the other.
     *
     * @return the subscription, of the name {@code saga:} and the saga's
     * @throws SagaConfigurationException if the saga hears no event that is registered
     */
    public Subscription subscription() {
        return Subscription.named("saga:" + definition.name())
                .filter(LogFilter.ALL.ofTypes(heard()))
                .startingAt(definition.start())
                .sequencedBy(SequencingPolicy.by("saga process", this::sequencingKey))
                .delivery(Delivery.IN_TRANSACTION)
                .handledBy(this);
    }

    private Set<String> heard() {
        for (Class<?> wanted : definition.hears()) {
            if (events.all().keySet().stream().noneMatch(wanted::isAssignableFrom)) {
                throw new SagaConfigurationException("The saga '" + definition.name() + "' hears "
                        + wanted.getName()
                        + ", but no event of this class is registered, so that it would never be called. It was not started. Give the class"
                        + " of an event, or an interface of events.");
            }
        }
        return events.all().entrySet().stream()
                .filter(type -> definition.hears().stream().anyMatch(wanted -> wanted.isAssignableFrom(type.getKey())))
                .map(type -> type.getValue().name())
                .collect(Collectors.toSet());
    }

    /** What is of no interest need not wait for anything. */
    private String sequencingKey(RecordedEvent event) {
        return definition.instanceOf(event).orElseGet(() -> event.id().toString());
    }

    @Override
    public void handle(List<RecordedEvent> batch) throws Exception {
        each.handle(batch);
    }

    private void handle(RecordedEvent event) {
        String instance = definition.instanceOf(event).orElse(null);
        if (instance == null) {
            return;
        }
        SagaId id = new SagaId(event.stream().tenant(), definition.name(), instance);
        SagaInstance before = store.find(id).orElse(null);
        if (before != null && !before.hears(event)) {
            return;
        }
        S state = definition.evolve(before == null ? definition.initialState() : read(before), event);
        ProcessPlan plan = definition.plan(state, event);
        send(plan, event);
        SagaInstance after = new SagaInstance(
                id,
                event.position(),
                event.part(),
                payloads.write(new PayloadContext(id.asStream(), stateType), state),
                plan.isComplete());
        if (!store.save(after)) {
            throw new IllegalStateException(
                    "The process " + id + " heard the event at position " + event.position()
                            + " from another node at the same time. Nothing more was noted. It is handled again, and then passed by.");
        }
    }

    private S read(SagaInstance instance) {
        return stateClass.cast(
                states.apply(new SerializedPayloadOf(instance.id().asStream(), instance.state())));
    }

    private void send(ProcessPlan plan, RecordedEvent event) {
        Map<Due, List<CommandRequest>> requests = new LinkedHashMap<>();
        EventMetadata metadata = EventMetadata.causedBy(event);
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            Due due =
                    step.delay().isZero() ? Due.NOW : Due.at(event.recordedAt().plus(step.delay()));
            requests.computeIfAbsent(due, any -> new ArrayList<>())
                    .add(new CommandRequest(
                            step.command(), commandId(event, i), event.stream().tenant(), metadata));
        }
        requests.forEach((due, those) -> send(those, due));
    }

    private void send(List<CommandRequest> requests, Due due) {
        try {
            bus.schedule(requests, due);
        } catch (UnroutableCommandException e) {
            throw new StopSubscriptionException(
                    "The saga '" + definition.name() + "' sends a command that nobody handles. " + e.getMessage(), e);
        } catch (CommandRejectedException | CommandIdReusedException e) {
            if (requests.size() == 1) {
                LOGGER.warn(
                        "The saga '{}' goes on without a command of the class {}, which was not stored. {}",
                        definition.name(),
                        requests.get(0).command().getClass().getName(),
                        e.getMessage());
            } else {
                requests.forEach(each -> send(List.of(each), due));
            }
        }
    }

    private CommandId commandId(RecordedEvent event, int index) {
        return CommandId.named("saga", definition.name(), event.id().toString(), "" + event.part(), "" + index);
    }
}
