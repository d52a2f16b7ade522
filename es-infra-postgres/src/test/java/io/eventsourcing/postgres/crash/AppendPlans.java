package io.eventsourcing.postgres.crash;

import static io.eventsourcing.postgres.crash.PlannedRequest.ANY;
import static io.eventsourcing.postgres.crash.PlannedRequest.NO_STREAM;
import static io.eventsourcing.postgres.crash.PlannedRequest.STREAM_EXISTS;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.VersionConflictException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What one writer appends: single events, several events and hundreds, one stream and several, with and without tags and
 * snapshots, under every kind of expected version, to streams of its own, new ones and ones that all writers share.
 */
final class AppendPlans {

    /** The one stream where an exact version is expected by writers that do not own it: appends to it can be refused. */
    static final String CONTESTED = "contested";

    private static final int SHARED_STREAMS = 3;

    private final String writer;
    private final Random random;
    private long appends;
    private long ownVersion;
    private long contestedVersion = 1;

    AppendPlans(String writer, Random random) {
        this.writer = writer;
        this.random = random;
    }

    /** One event for each of the streams that all writers share. */
    static PlannedAppend ofSharedStreams(Random random) {
        List<PlannedRequest> requests = Stream.of(shared(0), shared(1), shared(2), CONTESTED)
                .map(stream -> new PlannedRequest(stream, NO_STREAM, false, List.of(PlannedEvent.random(random))))
                .toList();
        return new PlannedAppend("shared", requests);
    }

    PlannedAppend next() {
        String name = writer + "." + ++appends;
        return new PlannedAppend(
                name,
                switch (random.nextInt(16)) {
                    case 0, 1, 2 -> List.of(toShared(ANY, 1));
                    case 3, 4, 5 -> List.of(toShared(STREAM_EXISTS, 1 + random.nextInt(5)));
                    case 6, 7, 8 -> List.of(toNew(name));
                    case 9, 10, 11 -> List.of(toOwn());
                    case 12 -> List.of(request(CONTESTED, Long.toString(contestedVersion), random.nextBoolean(), 2));
                    case 13 -> List.of(toShared(ANY, 200));
                    default -> toSeveral(name);
                });
    }

    private List<PlannedRequest> toSeveral(String name) {
        String exists = shared(random.nextInt(SHARED_STREAMS - 1));
        List<PlannedRequest> requests = new ArrayList<>(List.of(
                toOwn(),
                toNew(name),
                request(exists, STREAM_EXISTS, false, 2),
                request(shared(SHARED_STREAMS - 1), ANY, false, 1)));
        Collections.shuffle(requests, random);
        return requests;
    }

    private PlannedRequest toOwn() {
        return request("own-" + writer, Long.toString(ownVersion), random.nextBoolean(), 1 + random.nextInt(3));
    }

    private PlannedRequest toNew(String name) {
        return request("new-" + name, NO_STREAM, random.nextBoolean(), 1 + random.nextInt(4));
    }

    private PlannedRequest toShared(String expected, int events) {
        return request(shared(random.nextInt(SHARED_STREAMS)), expected, false, events);
    }

    private PlannedRequest request(String stream, String expected, boolean snapshot, int events) {
        return new PlannedRequest(
                stream,
                expected,
                snapshot,
                Stream.generate(() -> PlannedEvent.random(random)).limit(events).toList());
    }

    /** Learns where its own and the contested stream are now. */
    void acknowledged(List<AppendResult> results) {
        for (AppendResult result : results) {
            learn(result.stream().id(), result.version().value());
        }
    }

    /** Learns where the contested stream is: no other append can be refused. */
    void refused(VersionConflictException conflict) {
        if (!conflict.stream().id().equals(CONTESTED)) {
            throw conflict;
        }
        learn(CONTESTED, conflict.actual().value());
    }

    private void learn(String stream, long version) {
        if (stream.equals("own-" + writer)) {
            ownVersion = version;
        } else if (stream.equals(CONTESTED)) {
            contestedVersion = version;
        }
    }

    private static String shared(int number) {
        return "shared-" + number;
    }
}
