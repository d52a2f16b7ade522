/** Auto-configuration of the event store: what a Spring Boot application gets for having the starter on its class path. */
@NullMarked
package io.eventsourcing.spring;

import org.jspecify.annotations.NullMarked;
