/** Subscriptions: handlers that follow the log, each at its own pace, shared between nodes, without missing an event. */
@NullMarked
package io.eventsourcing.core.subscription;

import org.jspecify.annotations.NullMarked;
