/** Orders: what happens to them, what may happen next, and the service that decides and records it. */
@NullMarked
package io.eventsourcing.samples.orders;

import org.jspecify.annotations.NullMarked;
