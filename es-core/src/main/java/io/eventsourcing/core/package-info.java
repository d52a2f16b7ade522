/** What every package of the core shares: the rules for identifiers and the root of the errors. */
@NullMarked
package io.eventsourcing.core;

import org.jspecify.annotations.NullMarked;
