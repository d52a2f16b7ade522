package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandBus;
import io.eventsourcing.core.saga.SagaStorePort;
import io.eventsourcing.core.serialization.EventSerialization;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link AutoConfiguration Auto-configuration} of sagas: every {@link io.eventsourcing.core.saga.SagaDefinition} bean follows the log, as
 * subscriptions do, and sends its commands to the {@link CommandBus}.
 */
@AutoConfiguration(after = CommandAutoConfiguration.class)
@ConditionalOnBean({CommandBus.class, SagaStorePort.class})
public final class SagaAutoConfiguration {

    @Bean
    SagaSubscriptions sagaSubscriptions(
            ListableBeanFactory beans, CommandBus bus, SagaStorePort store, EventSerialization serialization) {
        return new SagaSubscriptions(beans, bus, store, serialization);
    }
}
