package io.eventsourcing.spring;

import io.eventsourcing.spring.EventSourcingProperties.Store;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Compares the store that is chosen with the one that a configuration is for. It binds the property instead of comparing
 * text, so that a misspelt store fails the start here, before some bean misses its event store.
 */
final class OnEventStoreCondition extends SpringBootCondition {

    private static final String PROPERTY = "eventsourcing.store";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Store required =
                metadata.getAnnotations().get(ConditionalOnEventStore.class).getEnum("value", Store.class);
        Store chosen =
                Binder.get(context.getEnvironment()).bind(PROPERTY, Store.class).orElse(Store.POSTGRES);
        ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnEventStore.class, required);
        return chosen == required
                ? ConditionOutcome.match(message.because(PROPERTY + " is " + chosen))
                : ConditionOutcome.noMatch(message.because(PROPERTY + " is " + chosen));
    }
}
