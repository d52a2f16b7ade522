package io.eventsourcing.core.command;

import io.eventsourcing.core.EventSourcingException;
import java.util.Locale;

/** A command cannot take this step from where it stands. Nothing was changed. */
public final class IllegalCommandStepException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the command and the step.
     *
     * @param id the command
     * @param from where it stands
     * @param step what was asked for
     */
    public IllegalCommandStepException(CommandId id, CommandStatus from, String step) {
        super("Command " + id + " is " + from.name().toLowerCase(Locale.ROOT) + " and cannot be " + step
                + ". Nothing was changed." + advice(from));
    }

    private static String advice(CommandStatus from) {
        return from == CommandStatus.CONSUMED ? " A worker handles it: wait for its result." : " It is over for good.";
    }
}
