/** Figures beside a bare JDBC baseline, in one run and as ratios, because machines are noisy. */
@NullMarked
package io.eventsourcing.benchmarks;

import org.jspecify.annotations.NullMarked;
