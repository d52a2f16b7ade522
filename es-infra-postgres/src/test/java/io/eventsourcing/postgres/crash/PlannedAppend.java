package io.eventsourcing.postgres.crash;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.tenant.TenantId;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** An append that a writer is about to make, under a name of its own. */
record PlannedAppend(String name, List<PlannedRequest> requests) {

    List<AppendRequest> toRequests(TenantId tenant) {
        return requests.stream().map(request -> request.toRequest(tenant, name)).toList();
    }

    String line() {
        return name + " " + requests.stream().map(PlannedRequest::line).collect(Collectors.joining(" "));
    }

    static PlannedAppend parse(String line) {
        List<String> parts = Arrays.asList(line.split(" ", -1));
        return new PlannedAppend(
                parts.get(0),
                parts.subList(1, parts.size()).stream()
                        .map(PlannedRequest::parse)
                        .toList());
    }
}
