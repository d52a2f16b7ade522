/** Tenants: who owns a stream, and how the owner of the current call is known. */
@NullMarked
package io.eventsourcing.core.tenant;

import org.jspecify.annotations.NullMarked;
