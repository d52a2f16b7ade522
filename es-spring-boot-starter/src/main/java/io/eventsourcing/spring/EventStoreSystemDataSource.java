package io.eventsourcing.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Marks the DataSource bean that logs in as the system role, by which what follows the log reads across tenants. Without one the application's
 * DataSource does. Declare the bean with {@code @Bean(defaultCandidate = false)}, so that it is taken for nothing else.
 */
@Documented
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.PARAMETER, ElementType.FIELD, ElementType.TYPE})
public @interface EventStoreSystemDataSource {}
