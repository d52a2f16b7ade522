/** What has to be done later. */
@NullMarked
package io.eventsourcing.core.job;

import org.jspecify.annotations.NullMarked;
