package io.eventsourcing.spring.duplicates;

import io.eventsourcing.core.event.EventType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** An application with two events of one name. */
@EnableAutoConfiguration
public class TwoOfOneName {

    @EventType("paid")
    record InvoicePaid() {}

    @EventType("paid")
    record OrderPaid() {}
}
