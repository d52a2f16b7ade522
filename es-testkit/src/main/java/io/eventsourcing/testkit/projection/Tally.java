package io.eventsourcing.testkit.projection;

import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;

/**
 * A row of the read model of these tests.
 *
 * @param key tells rows apart
 * @param number what it is about
 * @param writtenBy the version of the projection that wrote it
 */
@ReadModel(table = "contract_tally")
record Tally(@Id String key, long number, int writtenBy) {}
