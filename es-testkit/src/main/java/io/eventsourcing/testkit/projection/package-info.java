/** The contract of projections and read models, for adapters. */
@NullMarked
package io.eventsourcing.testkit.projection;

import org.jspecify.annotations.NullMarked;
