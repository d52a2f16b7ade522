package io.eventsourcing.spring.open;

import io.eventsourcing.core.event.EventType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** An application whose annotation is on a type that is no event. */
@EnableAutoConfiguration
public class NotSealed {

    @EventType("anything")
    interface Anything {}
}
