package io.eventsourcing.benchmarks;

import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;

/** The row that each event of its key replaces. */
@ReadModel(table = "line")
record Line(@Id String key, int number, String text) {}
