package io.eventsourcing.samples.orders.web;

import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.event.EventMetadata;

/**
 * What the head of a request says about its command.
 *
 * @param commandId the command's id
 * @param metadata who sent it, and what it belongs to
 */
record RequestHead(CommandId commandId, EventMetadata metadata) {}
