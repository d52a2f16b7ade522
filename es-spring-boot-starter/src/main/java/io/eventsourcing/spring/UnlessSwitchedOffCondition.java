package io.eventsourcing.spring;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Binds the property instead of comparing text, as {@link EventSourcingProperties} does, so that the two never differ: {@code off} and
 * {@code 0} switch off, {@code on} and {@code 1} do not, and a word that is none of these fails the start.
 */
final class UnlessSwitchedOffCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        String property = metadata.getAnnotations()
                .get(ConditionalUnlessSwitchedOff.class)
                .getString("value");
        boolean isOn = Binder.get(context.getEnvironment())
                .bind(property, Boolean.class)
                .orElse(true);
        ConditionMessage message = ConditionMessage.forCondition(ConditionalUnlessSwitchedOff.class, property)
                .because(property + " is " + isOn);
        return new ConditionOutcome(isOn, message);
    }
}
