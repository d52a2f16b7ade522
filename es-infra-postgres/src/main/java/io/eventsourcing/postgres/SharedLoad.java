package io.eventsourcing.postgres;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;

/**
 * The load of a stream from its first event on, which may be made together with others.
 *
 * @param stream the stream
 */
record SharedLoad(StreamId stream) implements Groupable<StreamPage> {

    @Override
    public TenantId tenant() {
        return stream.tenant();
    }

    @Override
    public Object key() {
        return stream;
    }

    @Override
    public SqlErrors errors() {
        return SqlErrors.ofRepeatable();
    }

    @Override
    public StreamPage ofRepeated(StreamPage repeated) {
        return repeated;
    }
}
