package io.eventsourcing.postgres;

import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.tenant.TenantId;
import java.util.Set;

/**
 * The storing of one command, which may share a commit with others.
 *
 * @param command the command
 * @param metadata its metadata as it will be stored, written by the thread that stores it
 */
record SharedSave(NewCommand command, String metadata) implements Groupable<Set<CommandId>> {

    /** In characters. */
    private static final int LONGEST_IN_A_GROUP = 64 * 1024;

    boolean isSmall() {
        return command.payload().json().length() + metadata.length() <= LONGEST_IN_A_GROUP;
    }

    @Override
    public TenantId tenant() {
        return command.stream().tenant();
    }

    @Override
    public Object key() {
        return command.id();
    }

    @Override
    public SqlErrors errors() {
        return SqlErrors.ofRepeatable();
    }

    /** Where it is known now, nobody knows whose it was. */
    @Override
    public Set<CommandId> ofRepeated(Set<CommandId> repeated) {
        return repeated;
    }
}
