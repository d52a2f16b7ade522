package io.eventsourcing.postgres.command;

import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandQuery;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.DirectCommandBus;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.postgres.PostgresCommandStore;
import io.eventsourcing.postgres.crash.Chaos;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Executes commands again under their ids while workers run: those that a worker has, which is no step out of the order of their streams,
 * and those that have ended.
 */
final class Resends implements AutoCloseable {

    private final DirectCommandBus bus;
    private final PostgresCommandStore commands;
    private final List<PlannedWork> all;
    private final Map<CommandId, PlannedWork> planned;
    private final Random random;
    private final CompletableFuture<List<Answer>> answers;
    private volatile boolean isOver;

    /** What a command that was sent again was answered; whether a worker had it when it was looked for. */
    record Answer(CommandId id, CommandResult result, boolean wasWithWorker) {}

    Resends(DirectCommandBus bus, PostgresCommandStore commands, List<PlannedWork> planned, Random random) {
        this.bus = bus;
        this.commands = commands;
        this.all = planned;
        this.planned = planned.stream().collect(Collectors.toMap(PlannedWork::id, Function.identity()));
        this.random = new Random(random.nextLong());
        this.answers = CompletableFuture.supplyAsync(this::run);
    }

    private List<Answer> run() {
        List<Answer> given = new ArrayList<>();
        while (!isOver) {
            withWorker().map(command -> answer(command, true)).ifPresent(given::add);
            ended().map(command -> answer(command, false)).ifPresent(given::add);
            Chaos.pause(random, 30);
        }
        return given;
    }

    private Answer answer(PlannedWork command, boolean wasWithWorker) {
        return new Answer(command.id(), bus.execute(command.request()), wasWithWorker);
    }

    /** Not all of them: others are for workers to take over. Nor one that fails with workers alone. */
    private Optional<PlannedWork> withWorker() {
        List<PlannedWork> taken = commands.list(CommandQuery.all().withStatus(CommandStatus.CONSUMED)).stream()
                .map(StoredCommand::id)
                .map(planned::get)
                .filter(command -> command.work().number() % 4 == 0)
                .filter(command -> command.work().kind() != Work.Kind.BROKEN)
                .toList();
        return taken.isEmpty() ? Optional.empty() : Optional.of(taken.get(random.nextInt(taken.size())));
    }

    private Optional<PlannedWork> ended() {
        PlannedWork command = all.get(random.nextInt(all.size()));
        return commands.find(command.request().tenant(), command.id())
                .filter(found -> found.status().isFinished())
                .map(found -> command);
    }

    /** Stops, and gives the answers. */
    List<Answer> answers() {
        isOver = true;
        return answers.join();
    }

    @Override
    public void close() {
        isOver = true;
    }
}
