/** Contract suites for what subscriptions stand on. An adapter's test extends them. */
@NullMarked
package io.eventsourcing.testkit.subscription;

import org.jspecify.annotations.NullMarked;
