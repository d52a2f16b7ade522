/**
 * Commands: what they are, where they wait, who handles them, and what became of them.
 */
@NullMarked
package io.eventsourcing.core.command;

import org.jspecify.annotations.NullMarked;
