package io.eventsourcing.postgres;

import io.eventsourcing.core.command.CommandFormat;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandIdReusedException;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.tenant.TenantId;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Stores commands of one tenant that are to be handled later, in one round trip; single ones that arrive together outside of transactions in
 * one for all.
 */
final class SaveCommands {

    private static final int PARAMETERS = 12;

    private final StoreConnection connection;
    private final CommandFormat format;
    private final String sql;
    private final String groupSql;
    private final CallQueue<SharedSave, Set<CommandId>> queue = new CallQueue<>("Commands", this::saveGroup);
    private final boolean sharesCommits;

    SaveCommands(StoreConnection connection, SchemaName schema, CommandFormat format, boolean sharesCommits) {
        this.connection = connection;
        this.format = format;
        this.sql = schema.call("save_commands", PARAMETERS);
        this.groupSql = schema.callScalar("save_group", PARAMETERS);
        this.sharesCommits = sharesCommits;
    }

    Set<CommandId> save(List<NewCommand> commands) {
        if (commands.isEmpty()) {
            return Set.of();
        }
        check(commands);
        List<SharedSave> saves = commands.stream()
                .map(command -> new SharedSave(command, format.metadata(command)))
                .toList();
        SharedSave first = saves.get(0);
        return saves.size() == 1 && first.isSmall() && sharesCommits && !connection.isInTransaction()
                ? queue.write(first).resultOr(() -> saveOnTheirOwn(saves))
                : saveOnTheirOwn(saves);
    }

    /** Each is a call of its own, and stored whatever becomes of the others. */
    private List<Optional<Set<CommandId>>> saveGroup(List<SharedSave> group) throws SQLException {
        return connection.runAlone(groupSql, statement -> {
            bind(statement, group);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Array column = row.getArray(1);
                List<Object> added = column == null ? List.of() : List.of((Object[]) column.getArray());
                return group.stream()
                        .map(each -> each.command().id())
                        .map(id -> Optional.of(id)
                                .filter(present -> added.contains(present.value()))
                                .map(Set::of))
                        .toList();
            }
        });
    }

    private Set<CommandId> saveOnTheirOwn(List<SharedSave> saves) {
        return connection.run(sql, statement -> {
            bind(statement, saves);
            Set<CommandId> added = new LinkedHashSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    NewCommand command = saves.get(row.getInt("place") - 1).command();
                    switch (row.getString("outcome")) {
                        case "new" -> added.add(command.id());
                        case "known" -> {}
                        default -> throw new CommandIdReusedException(command, row.getString("outcome"));
                    }
                }
            }
            return added;
        });
    }

    private static void check(List<NewCommand> commands) {
        TenantId tenant = commands.get(0).stream().tenant();
        Set<CommandId> ids = new HashSet<>();
        for (NewCommand command : commands) {
            if (!command.stream().tenant().equals(tenant) || !ids.add(command.id())) {
                throw new IllegalArgumentException("The " + command
                        + " is of another tenant than the others, or has the id of one of them. Nothing was stored. Store the commands"
                        + " of one tenant at a time, each under its own id.");
            }
        }
    }

    private static void bind(PreparedStatement statement, List<SharedSave> saves) throws SQLException {
        List<NewCommand> commands = saves.stream().map(SharedSave::command).toList();
        List<SerializedPayload> payloads =
                commands.stream().map(NewCommand::payload).toList();
        new Binder(statement)
                .text(commands.get(0).stream().tenant().value())
                .uuids(commands.stream().map(command -> command.id().value()).toList())
                .texts(commands.stream().map(command -> command.stream().type()).toList())
                .texts(commands.stream().map(command -> command.stream().id()).toList())
                .texts(payloads.stream().map(payload -> payload.type().name()).toList())
                .ints(payloads.stream()
                        .map(payload -> payload.type().schemaVersion())
                        .toList())
                .texts(payloads.stream().map(SerializedPayload::json).toList())
                .texts(payloads.stream().map(SerializedPayload::codec).toList())
                .texts(saves.stream().map(SharedSave::metadata).toList())
                .texts(commands.stream()
                        .map(command -> command.metadata().correlationId())
                        .toList())
                .instants(commands.stream().map(command -> command.due().time()).toList())
                .bigints(commands.stream()
                        .map(command -> command.due().delay().toMillis())
                        .toList());
    }
}
