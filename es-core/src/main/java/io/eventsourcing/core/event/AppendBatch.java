package io.eventsourcing.core.event;

import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The requests of one {@link EventStorePort#appendAll appendAll}, found fit to be written together: at least one, all of one
 * tenant, each for another stream, and no event id twice. For adapters, which check what they are given by building it.
 *
 * @param requests the requests, in order
 */
public record AppendBatch(List<AppendRequest> requests) {

    /**
     * Checks the requests against each other and copies the list.
     *
     * @throws IllegalArgumentException if there is no request, if they are of several tenants, or if two of them name one
     *     stream or one event id
     */
    public AppendBatch {
        requests = List.copyOf(Objects.requireNonNull(requests, "The requests of an append are null."));
        if (requests.isEmpty()) {
            throw new IllegalArgumentException(
                    "The append has no requests. Nothing was written. Give at least one request, or do not append.");
        }
        rejectSeveralTenants(requests);
        rejectRepeatedStreams(requests);
        rejectRepeatedEventIds(requests);
    }

    /**
     * Who owns every stream of the batch.
     *
     * @return the tenant
     */
    public TenantId tenant() {
        return requests.get(0).stream().tenant();
    }

    private static void rejectSeveralTenants(List<AppendRequest> requests) {
        StreamId first = requests.get(0).stream();
        for (AppendRequest request : requests) {
            TenantId other = request.stream().tenant();
            if (!other.equals(first.tenant())) {
                throw new IllegalArgumentException("The append names streams of two tenants, '" + first.tenant()
                        + "' and '" + other + "'. Nothing was written. Append for each tenant on its own.");
            }
        }
    }

    private static void rejectRepeatedStreams(List<AppendRequest> requests) {
        Set<StreamId> streams = new HashSet<>();
        for (AppendRequest request : requests) {
            if (!streams.add(request.stream())) {
                throw new IllegalArgumentException("The append names stream " + request.stream()
                        + " in two requests. Nothing was written. Put the events of a stream into one request.");
            }
        }
    }

    private static void rejectRepeatedEventIds(List<AppendRequest> requests) {
        Set<EventId> ids = new HashSet<>();
        for (AppendRequest request : requests) {
            for (NewEvent event : request.events()) {
                if (!ids.add(event.id())) {
                    throw new IllegalArgumentException("The append has two events with the id " + event.id()
                            + ", the second one for stream " + request.stream()
                            + ". Nothing was written. Give each event its own id.");
                }
            }
        }
    }
}
