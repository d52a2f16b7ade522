package io.eventsourcing.memory;

import io.eventsourcing.core.command.Claim;
import io.eventsourcing.core.command.ClaimRequest;
import io.eventsourcing.core.command.ClaimedCommand;
import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandIdReusedException;
import io.eventsourcing.core.command.CommandLostException;
import io.eventsourcing.core.command.CommandQuery;
import io.eventsourcing.core.command.CommandQueuePort;
import io.eventsourcing.core.command.CommandResult;
import io.eventsourcing.core.command.CommandSignals;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.CommandStorePort;
import io.eventsourcing.core.command.Completed;
import io.eventsourcing.core.command.FailureKind;
import io.eventsourcing.core.command.IllegalCommandStepException;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Commands in memory, with the behaviour of the store in PostgreSQL except for transactions: what a handler wrote before it failed stays
 * written. They are gone when the application ends. Thread-safe.
 */
public final class InMemoryCommandStore implements CommandStorePort, CommandQueuePort, CommandSignals {

    private final EventStorePort events;
    private final Clock clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** Guarded by this, as is what follows. */
    private final Map<Key, CommandRow> rows = new HashMap<>();

    private long stored;

    private record Key(TenantId tenant, CommandId id) {}

    /**
     * A store without commands.
     *
     * @param events where the events of commands are appended
     */
    public InMemoryCommandStore(EventStorePort events) {
        this(events, Clock.systemUTC());
    }

    /**
     * A store without commands, whose clock may be a test's.
     *
     * @param events where the events of commands are appended
     * @param clock decides what is due, and how long leases last
     */
    public InMemoryCommandStore(EventStorePort events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    @Override
    public void onStored(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public Set<CommandId> save(List<NewCommand> commands) {
        Set<CommandId> added = add(commands);
        listeners.forEach(Runnable::run);
        return added;
    }

    private synchronized Set<CommandId> add(List<NewCommand> commands) {
        Set<CommandId> ids = new HashSet<>();
        for (NewCommand command : commands) {
            if (!command.stream().tenant().equals(commands.get(0).stream().tenant()) || !ids.add(command.id())) {
                throw new IllegalArgumentException("The " + command
                        + " is of another tenant than the others, or has the id of one of them. Nothing was stored. Store the commands"
                        + " of one tenant at a time, each under its own id.");
            }
            refuseReuse(command, rows.get(key(command)));
        }
        Set<CommandId> added = new LinkedHashSet<>();
        for (NewCommand command : commands) {
            if (!rows.containsKey(key(command))) {
                rows.put(key(command), new CommandRow(command, ++stored, clock.instant()));
                added.add(command.id());
            }
        }
        return added;
    }

    private static Key key(NewCommand command) {
        return new Key(command.stream().tenant(), command.id());
    }

    private static void refuseReuse(NewCommand command, @Nullable CommandRow known) {
        if (known == null) {
            return;
        }
        SerializedPayload one = command.payload();
        SerializedPayload other = known.command.payload();
        if (!one.type().equals(other.type())) {
            throw new CommandIdReusedException(command, "type");
        }
        if (!command.stream().equals(known.command.stream())) {
            throw new CommandIdReusedException(command, "stream");
        }
        if (one.codec() == null && other.codec() == null && !one.json().equals(other.json())) {
            throw new CommandIdReusedException(command, "payload");
        }
    }

    @Override
    public synchronized Optional<StoredCommand> find(TenantId tenant, CommandId id) {
        return Optional.ofNullable(rows.get(new Key(tenant, id))).map(CommandRow::stored);
    }

    @Override
    public synchronized Optional<CommandResult> knownResult(NewCommand command) {
        CommandRow row = rows.get(key(command));
        refuseReuse(command, row);
        return row == null ? Optional.empty() : Optional.ofNullable(row.result);
    }

    @Override
    public synchronized List<StoredCommand> list(CommandQuery query) {
        CommandRow last = query.after() == null ? null : rows.get(new Key(query.tenant(), query.after()));
        if (query.after() != null && last == null) {
            return List.of();
        }
        return rows.values().stream()
                .filter(row -> last == null || row.number > last.number)
                .filter(matching(query))
                .sorted(Comparator.comparingLong(row -> row.number))
                .limit(query.limit())
                .map(CommandRow::stored)
                .toList();
    }

    private static Predicate<CommandRow> matching(CommandQuery query) {
        return row -> row.command.stream().tenant().equals(query.tenant())
                && (query.status() == null || query.status() == row.status)
                && (query.type() == null
                        || query.type().equals(row.command.payload().type().name()))
                && (query.stream() == null || query.stream().equals(row.command.stream()))
                && (query.correlationId() == null
                        || query.correlationId().equals(row.command.metadata().correlationId()))
                && (query.storedFrom() == null || !row.storedAt.isBefore(query.storedFrom()))
                && (query.storedBefore() == null || row.storedAt.isBefore(query.storedBefore()));
    }

    @Override
    public synchronized Completed complete(CommandCompletion completion) {
        NewCommand command = completion.command();
        CommandRow row = rows.get(key(command));
        refuseReuse(command, row);
        if (row != null && row.result != null) {
            return new Completed(row.result, true);
        }
        Claim claim = completion.claim();
        if (claim != null && (row == null || !isHeld(row, claim))) {
            throw new CommandLostException(claim);
        }
        CommandResult result = appended(completion);
        CommandRow ended = row == null ? new CommandRow(command, ++stored, clock.instant()) : row;
        if (claim == null) {
            ended.attempts++;
            ended.token++;
        }
        ended.end(result, clock.instant());
        rows.put(key(command), ended);
        return new Completed(result, false);
    }

    private CommandResult appended(CommandCompletion completion) {
        AppendRequest append = completion.append();
        return append != null && completion.result() instanceof CommandResult.Success success
                ? success.with(events.append(append))
                : completion.result();
    }

    private boolean isHeld(CommandRow row, Claim claim) {
        return row.status == CommandStatus.CONSUMED
                && row.token == claim.token()
                && row.leaseUntil.isAfter(clock.instant());
    }

    /** Runs the work. An error undoes nothing. */
    @Override
    public <T> T inTransaction(Supplier<T> work) {
        return work.get();
    }

    @Override
    public synchronized boolean cancel(TenantId tenant, CommandId id, String reason) {
        CommandRow row = rows.get(new Key(tenant, id));
        if (row == null) {
            return false;
        }
        if (row.result instanceof CommandResult.Failure failure && failure.kind() == FailureKind.CANCELLED) {
            return true;
        }
        if (row.status != CommandStatus.PENDING) {
            throw new IllegalCommandStepException(id, row.status, "cancelled");
        }
        row.end(new CommandResult.Failure(FailureKind.CANCELLED, reason), clock.instant());
        return true;
    }

    @Override
    public synchronized boolean delete(TenantId tenant, CommandId id) {
        Key key = new Key(tenant, id);
        CommandRow row = rows.get(key);
        if (row != null && row.status == CommandStatus.CONSUMED) {
            throw new IllegalCommandStepException(id, row.status, "deleted");
        }
        return rows.remove(key) != null;
    }

    @Override
    public synchronized int purge(Duration endedBefore, int atMost) {
        if (atMost < 1) {
            throw new IllegalArgumentException(
                    "At most " + atMost + " commands are to be purged. Nothing was. Give 1 or more.");
        }
        Instant before = clock.instant().minus(endedBefore);
        List<Key> old = rows.entrySet().stream()
                .filter(each -> each.getValue().finishedAt != null
                        && !each.getValue().finishedAt.isAfter(before))
                .sorted(Comparator.comparing(each -> each.getValue().number))
                .limit(atMost)
                .map(Map.Entry::getKey)
                .toList();
        old.forEach(rows::remove);
        return old.size();
    }

    @Override
    public synchronized List<ClaimedCommand> claim(ClaimRequest request) {
        Instant now = clock.instant();
        Set<StreamId> handled = handledStreams(now);
        Map<StreamId, CommandRow> first = new HashMap<>();
        rows.values().stream()
                .filter(row -> !row.status.isFinished())
                .forEach(row ->
                        first.merge(row.command.stream(), row, (one, other) -> isBefore(one, other) ? one : other));
        return first.values().stream()
                .filter(row -> row.isFree(now))
                .filter(row -> request.stream() == null || request.stream().equals(row.command.stream()))
                .filter(row -> isKnown(request, row.command.payload().type()))
                .filter(row -> !handled.contains(row.command.stream()))
                .sorted(Comparator.comparing((CommandRow row) -> row.readyAt).thenComparing(row -> row.number))
                .limit(request.limit())
                .map(row -> claimed(row, now.plus(request.lease())))
                .toList();
    }

    private static boolean isKnown(ClaimRequest request, VersionedType type) {
        Integer version = request.types().get(type.name());
        return version != null && type.schemaVersion() <= version;
    }

    private Set<StreamId> handledStreams(Instant now) {
        return rows.values().stream()
                .filter(row -> row.status == CommandStatus.CONSUMED && row.leaseUntil.isAfter(now))
                .map(row -> row.command.stream())
                .collect(Collectors.toSet());
    }

    private static boolean isBefore(CommandRow one, CommandRow other) {
        int byTime = one.dueAt.compareTo(other.dueAt);
        return byTime != 0 ? byTime < 0 : one.number < other.number;
    }

    private ClaimedCommand claimed(CommandRow row, Instant until) {
        row.status = CommandStatus.CONSUMED;
        row.attempts++;
        row.token++;
        row.leaseUntil = until;
        NewCommand command = row.command;
        return new ClaimedCommand(
                row.stored(), new Claim(command.stream().tenant(), command.id(), row.token), hasNext(row));
    }

    private boolean hasNext(CommandRow row) {
        return rows.values().stream()
                .anyMatch(other -> other != row
                        && !other.status.isFinished()
                        && other.command.stream().equals(row.command.stream()));
    }

    @Override
    public synchronized Set<Claim> extend(Collection<Claim> claims, Duration lease) {
        Set<Claim> held = new HashSet<>();
        held(claims).forEach(claim -> {
            row(claim).leaseUntil = clock.instant().plus(lease);
            held.add(claim);
        });
        return held;
    }

    private Stream<Claim> held(Collection<Claim> claims) {
        return claims.stream().filter(claim -> {
            CommandRow row = rows.get(new Key(claim.tenant(), claim.id()));
            return row != null && isHeld(row, claim);
        });
    }

    private CommandRow row(Claim claim) {
        CommandRow row = rows.get(new Key(claim.tenant(), claim.id()));
        if (row == null || !isHeld(row, claim)) {
            throw new CommandLostException(claim);
        }
        return row;
    }

    @Override
    public synchronized void retry(Claim claim, Duration pause, String error, boolean counts) {
        CommandRow row = row(claim);
        row.attempts -= counts ? 0 : 1;
        row.giveBack(clock.instant().plus(pause), error);
    }

    @Override
    public synchronized void release(Collection<Claim> claims) {
        List<Claim> held = held(claims).toList();
        held.forEach(claim -> {
            CommandRow row = row(claim);
            row.attempts--;
            row.giveBack(row.readyAt, row.lastError);
        });
    }
}
