package io.eventsourcing.spring;

import io.eventsourcing.spring.EventSourcingProperties.Store;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/** Matches if {@code eventsourcing.store} chooses the store; nothing said chooses PostgreSQL. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnEventStoreCondition.class)
@interface ConditionalOnEventStore {

    Store value();
}
