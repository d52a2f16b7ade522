package io.eventsourcing.postgres;

import io.eventsourcing.core.tenant.TenantId;

/** A call that can be made together with others of its tenant that arrive at the same time. */
interface Groupable<R> {

    /** Whose it is. */
    TenantId tenant();

    /** A group has one call for each key. */
    Object key();

    /** What an error means for it. */
    SqlErrors errors();

    /** What it answers, where it was repeated because nobody knew whether its group had been written. */
    R ofRepeated(R repeated);
}
