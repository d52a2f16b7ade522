/** What follows when an order is placed or paid: its shipment is prepared, it is shipped, or it expires. */
@NullMarked
package io.eventsourcing.samples.orders.fulfilment;

import org.jspecify.annotations.NullMarked;
