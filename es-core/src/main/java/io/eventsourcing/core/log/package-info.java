/** The log: all events of a store in one order, for everybody who follows it. */
@NullMarked
package io.eventsourcing.core.log;

import org.jspecify.annotations.NullMarked;
