package io.eventsourcing.spring;

import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.serialization.JsonMapperCustomizer;
import io.eventsourcing.core.serialization.PayloadCodec;
import io.eventsourcing.core.serialization.Upcaster;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ResourceLoader;

/**
 * {@link AutoConfiguration Auto-configuration} of how events are stored: every class annotated with {@link EventType} in
 * the application's packages is an event type, and every bean of type {@link Upcaster}, {@link PayloadCodec} and
 * {@link JsonMapperCustomizer} takes part, in the order of the beans.
 */
@AutoConfiguration
@EnableConfigurationProperties(EventSourcingProperties.class)
public final class EventSerializationAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(EventSerializationAutoConfiguration.class);

    @Bean
    @ConditionalOnMissingBean
    EventTypes eventTypes(
            BeanFactory beans, ResourceLoader resources, ObjectProvider<EventTypesCustomizer> customizers) {
        EventTypes.Builder types = EventTypes.builder();
        if (AutoConfigurationPackages.has(beans)) {
            new EventClassScanner(resources)
                    .scan(AutoConfigurationPackages.get(beans))
                    .forEach(types::register);
        }
        customizers.orderedStream().forEach(customizer -> customizer.customize(types));
        return logged(types.build());
    }

    private static EventTypes logged(EventTypes types) {
        if (types.all().isEmpty()) {
            LOG.warn(
                    "No class annotated with @EventType was found in the application's packages, so no event can be stored."
                            + " Annotate event classes, or register those of other packages with an EventTypesCustomizer bean.");
        } else {
            LOG.info("Found {} event types.", types.all().size());
        }
        return types;
    }

    @Bean
    @ConditionalOnMissingBean
    EventSerialization eventSerialization(EventTypes types, EventSourcingProperties properties, BeanFactory beans) {
        EventSerialization.Builder serialization = EventSerialization.builder(types)
                .maxPayloadBytes(properties.serialization().maxPayloadBytes())
                .upcasters(ordered(Upcaster.class, beans))
                .codecs(ordered(PayloadCodec.class, beans))
                .customizers(ordered(JsonMapperCustomizer.class, beans));
        ordered(EventSerializationCustomizer.class, beans).forEach(customizer -> customizer.customize(serialization));
        return serialization.build();
    }

    private static <T> List<T> ordered(Class<T> type, BeanFactory beans) {
        return beans.getBeanProvider(type).orderedStream().toList();
    }
}
