package io.eventsourcing.postgres.crash;

import java.util.Random;

/** A writer's name, and the seed of its choices. */
record WriterName(String value, long seed) {

    Random random() {
        return new Random(31 * seed + value.hashCode());
    }
}
