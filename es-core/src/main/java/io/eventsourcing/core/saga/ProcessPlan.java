package io.eventsourcing.core.saga;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What follows from an event in a process: commands, commands that come later, and maybe its end. Immutable.
 *
 * @param steps the commands, in their order
 * @param isComplete whether the process is over: it hears no event any more. Commands that wait are sent all the same
 */
public record ProcessPlan(List<Step> steps, boolean isComplete) {

    private static final ProcessPlan NOTHING = new ProcessPlan(List.of(), false);

    /** Copies the steps. */
    public ProcessPlan {
        steps = List.copyOf(steps);
    }

    /**
     * A command, and when it is due.
     *
     * @param command the command
     * @param delay how long after the event was recorded; zero for at once
     */
    public record Step(Object command, Duration delay) {

        /**
         * Checks that both are there.
         *
         * @throws IllegalArgumentException if the delay is negative
         */
        public Step {
            Objects.requireNonNull(command, "The command of a process plan is null. Nothing was sent.");
            if (delay.isNegative()) {
                throw new IllegalArgumentException("The delay of a command of the class "
                        + command.getClass().getName() + " cannot be negative, but is " + delay
                        + ". Nothing was sent.");
            }
        }
    }

    /**
     * A plan without commands.
     *
     * @return the plan
     */
    public static ProcessPlan nothing() {
        return NOTHING;
    }

    /**
     * This plan, and a command that is sent at once, after those before it.
     *
     * @param command the command
     * @return the longer plan
     */
    public ProcessPlan send(Object command) {
        return sendAfter(Duration.ZERO, command);
    }

    /**
     * This plan, and a command that is sent later.
     *
     * @param delay how long after the event was recorded
     * @param command the command
     * @return the longer plan
     */
    public ProcessPlan sendAfter(Duration delay, Object command) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(new Step(command, delay));
        return new ProcessPlan(longer, isComplete);
    }

    /**
     * This plan, and then the process is over.
     *
     * @return the last plan of the process
     */
    public ProcessPlan complete() {
        return new ProcessPlan(steps, true);
    }
}
