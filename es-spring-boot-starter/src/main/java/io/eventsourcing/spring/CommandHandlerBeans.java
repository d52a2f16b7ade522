package io.eventsourcing.spring;

import io.eventsourcing.core.aggregate.Aggregate;
import io.eventsourcing.core.aggregate.Decider;
import io.eventsourcing.core.command.AggregateSettings;
import io.eventsourcing.core.command.CommandHandler;
import io.eventsourcing.core.command.CommandHandlerConfigurationException;
import io.eventsourcing.core.command.CommandHandlers;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Finds the beans that handle commands: deciders, those with methods that are annotated, and what customizers add. */
final class CommandHandlerBeans {

    private static final Logger LOGGER = LoggerFactory.getLogger(CommandHandlerBeans.class);

    private final ConfigurableListableBeanFactory beans;

    CommandHandlerBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * Adds all of them.
     *
     * @throws CommandHandlerConfigurationException if one cannot be used, or settings are for no decider, or for one that has others
     */
    void addTo(CommandHandlers.Builder handlers) {
        Map<String, AggregateSettings> settings = settings();
        Set<String> unused = new LinkedHashSet<>(settings.keySet());
        for (Decider<?, ?, ?> decider : deciders().values()) {
            AggregateSettings usual = AggregateSettings.of(AopUtils.getTargetClass(decider));
            handlers.decider(decider, settings.getOrDefault(usual.streamType(), usual));
            unused.remove(usual.streamType());
        }
        if (!unused.isEmpty()) {
            throw new CommandHandlerConfigurationException(
                    "There is a bean of type AggregateSettings for streams of the type '"
                            + unused.iterator().next()
                            + "', but no decider with @Aggregate for them, so that its settings would not act. The application was not started. Give"
                            + " the settings the type of a decider's streams, or remove them.");
        }
        new AnnotatedMethods(beans, CommandHandler.class).beans().forEach((bean, method) -> {
            Object target = beans.getBean(bean);
            handlers.methods(target, AopUtils.getTargetClass(target));
        });
        beans.getBeanProvider(CommandHandlersCustomizer.class)
                .orderedStream()
                .forEach(customizer -> customizer.customize(handlers));
    }

    /** A decider without the annotation may be one that a customizer registers with settings of its own. */
    @SuppressWarnings("rawtypes") // Spring asks by class
    private Map<String, Decider> deciders() {
        Map<String, Decider> annotated = new TreeMap<>(beans.getBeansOfType(Decider.class));
        annotated.keySet().removeIf(bean -> {
            boolean isForgotten = beans.findAnnotationOnBean(bean, Aggregate.class) == null;
            if (isForgotten) {
                LOGGER.warn(
                        "The bean '{}' is a decider, but its class has no @Aggregate, so that no command comes to it. Add"
                                + " @Aggregate(\"type of its streams\"); nothing is to do if a CommandHandlersCustomizer registers it.",
                        bean);
            }
            return isForgotten;
        });
        return annotated;
    }

    private Map<String, AggregateSettings> settings() {
        Map<String, AggregateSettings> byStreamType = new TreeMap<>();
        beans.getBeansOfType(AggregateSettings.class).forEach((bean, settings) -> {
            if (byStreamType.put(settings.streamType(), settings) != null) {
                throw new CommandHandlerConfigurationException(
                        "There are two beans of type AggregateSettings for streams of the type '"
                                + settings.streamType()
                                + "', and nothing says which of them acts. The application was not started. Keep one of them.");
            }
        });
        return byStreamType;
    }
}
