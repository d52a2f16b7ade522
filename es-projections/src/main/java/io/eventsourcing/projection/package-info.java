/**
 * Projections: beans whose handlers keep read models, on the subscriptions of the log.
 */
@NullMarked
package io.eventsourcing.projection;

import org.jspecify.annotations.NullMarked;
