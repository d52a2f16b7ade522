/** PostgreSQL for tests: a fresh database for each test class, and a server that a test can kill. */
@NullMarked
package io.eventsourcing.testkit.postgres;

import org.jspecify.annotations.NullMarked;
