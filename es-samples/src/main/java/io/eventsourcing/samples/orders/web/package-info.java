/** Orders over HTTP. */
@NullMarked
package io.eventsourcing.samples.orders.web;

import org.jspecify.annotations.NullMarked;
