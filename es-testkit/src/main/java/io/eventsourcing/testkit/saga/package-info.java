/** What every store of sagas has to do, as tests that an adapter extends. */
@NullMarked
package io.eventsourcing.testkit.saga;

import org.jspecify.annotations.NullMarked;
