package io.eventsourcing.postgres.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandRequest;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.Due;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.postgres.command.WorkSite.Node;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that is suspended while it handles a command, and wakes when another one has taken the command over. */
class SuspendedWorkerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @TempDir
    Path folder;

    @Test
    void aDecisionOfASuspendedWorkerComesTooLate() throws Exception {
        theSuspendedOneEndsNothing(
                new Work.Decide("held", 1, Work.Kind.HELD), new Work.Decide("after", 1, Work.Kind.ONE_EVENT));
    }

    @Test
    void whatASuspendedWorkerHasWrittenIsUndone() throws Exception {
        theSuspendedOneEndsNothing(
                new Work.Write("held-too", 1, Work.Kind.HELD), new Work.Write("after-too", 1, Work.Kind.ONE_EVENT));
    }

    /** Each node has one thread: when the first one takes the other command, it is through with the held one. */
    private void theSuspendedOneEndsNothing(Work held, Work other) throws Exception {
        try (WorkSite site = new WorkSite(postgres.database(), folder)) {
            CommandId heldId = schedule(site, held);
            Node first = site.startNode(1);
            await().atMost(PATIENCE).until(() -> Files.exists(WorkerProcess.midst(folder, first.name())));
            Node second = site.startNode(1);
            first.jvm().suspend();
            await().atMost(PATIENCE)
                    .until(() -> second.name().equals(site.workers().get(heldId)));
            Files.createFile(WorkerProcess.gate(folder, first.name()));
            first.jvm().resume();

            CommandId otherId = schedule(site, other);
            await().atMost(PATIENCE).until(() -> stored(site, otherId).status().isFinished());
            assertThat(nodesThatRecorded(site, otherId)).containsExactly(first.name());
            assertThat(stored(site, heldId).status()).isEqualTo(CommandStatus.CONSUMED);
            assertThat(nodesThatRecorded(site, heldId)).isEmpty();

            Files.createFile(WorkerProcess.gate(folder, second.name()));
            await().atMost(PATIENCE).until(() -> stored(site, heldId).status().isFinished());
            assertThat(stored(site, heldId).status()).isEqualTo(CommandStatus.PROCESSED);
            assertThat(stored(site, heldId).progress().attempts()).isEqualTo(2);
            assertThat(nodesThatRecorded(site, heldId)).containsExactly(second.name());
        }
    }

    private static CommandId schedule(WorkSite site, Work work) {
        CommandRequest request = CommandRequest.of(work);
        site.bus().schedule(List.of(request), Due.NOW);
        return request.id();
    }

    private static StoredCommand stored(WorkSite site, CommandId id) {
        return site.stored().get(id);
    }

    /** Read from the stream: what is written beside an open transaction comes later in the log. */
    private static List<String> nodesThatRecorded(WorkSite site, CommandId id) {
        return site.events().load(stored(site, id).stream()).toList().stream()
                .map(event -> RecordedWork.worked(event).by())
                .toList();
    }
}
