/**
 * Read models: records whose rows projections keep in tables, and applications query.
 */
@NullMarked
package io.eventsourcing.core.readmodel;

import org.jspecify.annotations.NullMarked;
