package io.eventsourcing.core.command;

import java.util.List;

/**
 * Has stored commands handled when they are due. Whoever stores commands tells it afterwards, and outside of the transaction: what is
 * stored is handled also where this call never came, only later. Thread-safe.
 */
public interface JobSchedulerPort {

    /**
     * These commands are stored.
     *
     * @param commands the commands
     */
    void stored(List<NewCommand> commands);
}
