package io.eventsourcing.postgres.command;

import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandRequest;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Failure;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.FailureKind;
import io.eventsourcing.core.command.StoredCommand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A command and what should become of it.
 *
 * @param request the command under its id
 * @param work the command itself
 * @param due when it is due
 */
record PlannedWork(CommandRequest request, Work work, Instant due) {

    private static final int STREAMS = 40;
    private static final int DUE_TIMES = 20;
    private static final int MILLIS_BETWEEN = 25;

    /** Commands of streams of both kinds, in order within each stream; some of a stream are due at the same time. */
    static List<PlannedWork> of(int commands, Instant firstDue, Random random) {
        int ofStream = commands / STREAMS;
        List<PlannedWork> planned = new ArrayList<>();
        for (int number = 0; number < ofStream; number++) {
            Instant due = firstDue.plusMillis((long) number * DUE_TIMES / ofStream * MILLIS_BETWEEN);
            for (int stream = 0; stream < STREAMS; stream++) {
                planned.add(of(work("stream-" + stream, number, random, stream % 2 == 0), due));
            }
        }
        return planned;
    }

    static PlannedWork of(Work work, Instant due) {
        return new PlannedWork(CommandRequest.of(work), work, due);
    }

    private static Work work(String stream, int number, Random random, boolean isDecided) {
        Work.Kind kind = kind(random.nextInt(200));
        return isDecided ? new Work.Decide(stream, number, kind) : new Work.Write(stream, number, kind);
    }

    private static Work.Kind kind(int choice) {
        if (choice == 0) {
            return Work.Kind.BROKEN;
        }
        if (choice < 20) {
            return Work.Kind.REJECTED;
        }
        if (choice < 40) {
            return Work.Kind.FLAKY;
        }
        return choice < 80 ? Work.Kind.TWO_EVENTS : Work.Kind.ONE_EVENT;
    }

    CommandId id() {
        return request.id();
    }

    /** Its events, as {@link RecordedWork} names them. */
    List<String> events() {
        return IntStream.rangeClosed(1, work.kind().events())
                .mapToObj(part -> RecordedWork.name(work.number(), part))
                .toList();
    }

    boolean isEndOf(StoredCommand stored) {
        CommandResult result = stored.progress().result();
        int attempts = stored.progress().attempts();
        return switch (work.kind()) {
            case REJECTED -> stored.status() == CommandStatus.FAILED && WorkHandlers.REJECTION.equals(result);
            case BROKEN ->
                result instanceof Failure failure
                        && failure.kind() == FailureKind.EXHAUSTED
                        && attempts >= WorkerProcess.RETRY.attempts();
            case FLAKY -> stored.status() == CommandStatus.PROCESSED && result.isSuccess() && attempts > 1;
            default -> stored.status() == CommandStatus.PROCESSED && result.isSuccess();
        };
    }
}
