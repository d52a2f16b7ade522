package io.eventsourcing.samples.orders;

import io.eventsourcing.core.event.EventType;

/**
 * A message that was sent to a customer. It is an event of a stream beside the order's, so that no message is sent twice.
 *
 * @param to the customer
 * @param text what it says
 */
@EventType("message-sent")
public record Message(String to, String text) {}
