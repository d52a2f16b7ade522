/** The PostgreSQL server that the sample brings along, so that there is nothing to install. */
@NullMarked
package io.eventsourcing.samples.orders.database;

import org.jspecify.annotations.NullMarked;
