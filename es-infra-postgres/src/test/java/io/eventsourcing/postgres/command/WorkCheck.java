package io.eventsourcing.postgres.command;

import static java.util.stream.Collectors.flatMapping;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandResult.Success;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.postgres.command.Resends.Answer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Compares what became of commands with what should have.
 *
 * @param planned all commands, those of a stream in order
 * @param stored all commands as they are stored in the end
 * @param recorded their events
 */
record WorkCheck(List<PlannedWork> planned, Map<CommandId, StoredCommand> stored, RecordedWork recorded) {

    void eachEndedAsItShould() {
        assertThat(stored).hasSameSizeAs(planned);
        assertThat(planned).allMatch(command -> command.isEndOf(stored.get(command.id())));
    }

    /** Each command has its events once, and nothing else was recorded; and its result knows where they are. */
    void eachCommittedOnce() {
        Map<CommandId, List<String>> expected = planned.stream()
                .filter(command -> !command.events().isEmpty())
                .collect(toMap(PlannedWork::id, PlannedWork::events));
        assertThat(recorded.namesByCommand()).containsExactlyInAnyOrderEntriesOf(expected);
        Map<CommandId, List<GlobalPosition>> positions = recorded.positionsByCommand();
        assertThat(planned)
                .filteredOn(command -> command.work() instanceof Work.Decide)
                .allSatisfy(command -> assertThat(positionsInResult(command))
                        .isEqualTo(positions.getOrDefault(command.id(), List.of())));
    }

    private List<GlobalPosition> positionsInResult(PlannedWork command) {
        CommandResult result = stored.get(command.id()).progress().result();
        return result instanceof Success success ? success.positions() : List.of();
    }

    void eachStreamIsInOrder() {
        Map<String, List<String>> expected = planned.stream()
                .collect(groupingBy(
                        command -> command.work().stream(),
                        flatMapping(command -> command.events().stream(), toList())));
        Map<String, List<String>> inLog = recorded.namesByStream();
        expected.forEach(
                (stream, events) -> assertThat(inLog.get(stream)).as(stream).isEqualTo(events));
    }

    void noneWasBeforeItsTime() {
        Map<CommandId, PlannedWork> byId = planned.stream().collect(toMap(PlannedWork::id, Function.identity()));
        assertThat(recorded.events())
                .allSatisfy(event -> assertThat(event.recordedAt())
                        .isAfterOrEqualTo(byId.get(RecordedWork.command(event)).due()));
    }

    /** Nobody else can have committed its events but who held it, or the parent, who may take it. */
    void eachWasCommittedByItsHolder(Map<CommandId, String> workers) {
        assertThat(recorded.events())
                .filteredOn(event -> !RecordedWork.worked(event).by().equals(WorkSite.PARENT))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(RecordedWork.worked(event).by())
                        .isEqualTo(workers.get(RecordedWork.command(event))));
    }

    void eachAnswerIsItsResult(List<Answer> answers) {
        assertThat(answers).extracting(Answer::wasWithWorker).contains(true, false);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.result())
                        .isEqualTo(stored.get(answer.id()).progress().result()));
    }
}
