/** Contract suites for adapters that keep commands. */
@NullMarked
package io.eventsourcing.testkit.command;

import org.jspecify.annotations.NullMarked;
