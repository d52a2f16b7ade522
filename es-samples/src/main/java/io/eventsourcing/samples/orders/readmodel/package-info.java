/** What lists and reports read: rows that projections keep from the events of orders. */
@NullMarked
package io.eventsourcing.samples.orders.readmodel;

import org.jspecify.annotations.NullMarked;
