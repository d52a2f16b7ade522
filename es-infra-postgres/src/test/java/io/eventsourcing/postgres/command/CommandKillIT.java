package io.eventsourcing.postgres.command;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.Due;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.postgres.command.Resends.Answer;
import io.eventsourcing.postgres.crash.Chaos;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Kill -9 of JVMs that share the handling of scheduled commands, while the same commands are executed again. */
class CommandKillIT {

    private static final int COMMANDS = Chaos.times(1_000, 20_000);
    private static final int KILLS = Chaos.times(3, 20);
    private static final int THREADS = 4;

    /** Enough to store the commands and to start the nodes. */
    private static final Duration UNTIL_DUE = Duration.ofMillis(2_500 + COMMANDS / 4);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @TempDir
    Path folder;

    private final Random random = Chaos.random(CommandKillIT.class);

    /** The commands that killed nodes had in hand, and the last of these nodes. */
    private final Map<CommandId, String> hit = new HashMap<>();

    private List<Answer> answers = List.of();

    @Test
    void eachCommandEndsOnceAndInOrderWhateverIsKilled() throws Exception {
        try (WorkSite site = new WorkSite(postgres.database(), folder)) {
            List<PlannedWork> planned = PlannedWork.of(COMMANDS, Instant.now().plus(UNTIL_DUE), random);
            schedule(planned, site);
            site.startNode(THREADS);
            site.startNode(THREADS);
            killWhileHandled(planned, site);

            WorkCheck check = new WorkCheck(planned, site.stored(), site.recorded());
            Map<CommandId, String> workers = site.workers();
            int takenOver = takenOver(workers);
            report(check, takenOver);
            assertThat(takenOver).isGreaterThanOrEqualTo(KILLS);
            check.eachEndedAsItShould();
            check.eachCommittedOnce();
            check.eachStreamIsInOrder();
            check.noneWasBeforeItsTime();
            check.eachWasCommittedByItsHolder(workers);
            check.eachAnswerIsItsResult(answers);
        }
    }

    /** What is due later is partly stored earlier. */
    private void schedule(List<PlannedWork> planned, WorkSite site) {
        List<List<PlannedWork>> byDueTime = new ArrayList<>(
                planned.stream().collect(groupingBy(PlannedWork::due)).values());
        Collections.shuffle(byDueTime, random);
        for (List<PlannedWork> together : byDueTime) {
            site.bus()
                    .schedule(
                            together.stream().map(PlannedWork::request).toList(),
                            Due.at(together.get(0).due()));
        }
    }

    private void killWhileHandled(List<PlannedWork> planned, WorkSite site) throws InterruptedException {
        try (Resends resends = new Resends(site.bus(), site.commands(), planned, random)) {
            for (int kill = 1; kill <= KILLS; kill++) {
                site.awaitEnded(COMMANDS * kill / (KILLS + 1));
                hit.putAll(site.killTheOldest());
                assertThat(site.ended()).as("at kill %d", kill).isLessThan(COMMANDS);
                site.startNode(THREADS);
            }
            site.awaitEnded(COMMANDS);
            answers = resends.answers();
        }
    }

    /** The others were ended by what the killed node had sent before, or by an execution. */
    private int takenOver(Map<CommandId, String> workers) {
        return (int) hit.keySet().stream()
                .filter(id -> !Objects.equals(workers.get(id), hit.get(id)))
                .count();
    }

    private void report(WorkCheck check, int takenOver) {
        int[] attempts = check.stored().values().stream()
                .mapToInt(command -> command.progress().attempts())
                .sorted()
                .toArray();
        long withWorker = answers.stream().filter(Answer::wasWithWorker).count();
        Chaos.report(
                "CommandKillIT figures: %d commands, %d kills: %d were in the hands of killed nodes, and %d of these taken over; %d took several attempts, at most %d; executed again: %d while a worker had them, %d after their end; %d ms from the first due time to the last end"
                        .formatted(
                                COMMANDS,
                                KILLS,
                                hit.size(),
                                takenOver,
                                check.stored().values().stream()
                                        .filter(command -> command.progress().attempts() > 1)
                                        .count(),
                                attempts[attempts.length - 1],
                                withWorker,
                                answers.size() - withWorker,
                                took(check).toMillis()));
    }

    private static Duration took(WorkCheck check) {
        Instant lastEnd = check.stored().values().stream()
                .map((StoredCommand command) -> command.progress().finishedAt())
                .max(Instant::compareTo)
                .orElseThrow();
        return Duration.between(check.planned().get(0).due(), lastEnd);
    }
}
