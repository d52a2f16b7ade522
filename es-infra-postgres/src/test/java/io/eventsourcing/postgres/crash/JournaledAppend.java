package io.eventsourcing.postgres.crash;

import java.util.List;

/**
 * An append that a writer began.
 *
 * @param plan what it meant to append
 * @param answer what it knows of the outcome
 * @param acknowledgements one for each stream, if it was acknowledged
 */
record JournaledAppend(PlannedAppend plan, Answer answer, List<Acknowledgement> acknowledgements) {

    enum Answer {
        NONE,
        ACKNOWLEDGED,
        REFUSED
    }

    static JournaledAppend unanswered(PlannedAppend plan) {
        return new JournaledAppend(plan, Answer.NONE, List.of());
    }

    JournaledAppend acknowledged(List<Acknowledgement> given) {
        return new JournaledAppend(plan, Answer.ACKNOWLEDGED, List.copyOf(given));
    }

    JournaledAppend refused() {
        return new JournaledAppend(plan, Answer.REFUSED, List.of());
    }

    boolean is(Answer other) {
        return answer == other;
    }
}
