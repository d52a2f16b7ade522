/** Events: what is appended, what was recorded, and the port that does both. */
@NullMarked
package io.eventsourcing.core.event;

import org.jspecify.annotations.NullMarked;
