package io.eventsourcing.postgres.projection;

import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;

/**
 * What has been counted.
 *
 * @param name tells counters apart
 * @param events how many events there were
 * @param total what their amounts come to
 * @param writtenBy the version of the projection that wrote the row last
 */
@ReadModel(table = Counter.TABLE)
record Counter(@Id String name, long events, long total, int writtenBy) {

    static final String TABLE = "counter";
}
