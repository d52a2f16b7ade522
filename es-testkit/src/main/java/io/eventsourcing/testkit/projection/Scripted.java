package io.eventsourcing.testkit.projection;

import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.serialization.EventSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The event of these tests: it says itself what is to be done with which rows, so that a fold in Java can tell what the table must be.
 *
 * @param steps what to do, in order
 */
@EventType("contract-scripted")
record Scripted(List<Step> steps) {

    enum Op {
        UPSERT,
        DELETE,
        /** Sets the number of a row that is there, if one is. */
        SET,
        /** Adds to the number of a row that is there, if one is. */
        ADD,
        /** Adds, whether there is a row or not. */
        ADD_BLINDLY,
        /** Reads the number, and writes it back with one more, or 1. */
        COUNT,
        /** Fails, while the handlers are broken. */
        FAIL
    }

    record Step(Op op, String key, long number) {}

    static EventSerialization serialization() {
        return EventSerialization.of(Scripted.class);
    }

    static Scripted of(Op op, String key, long number) {
        return new Scripted(List.of(new Step(op, key, number)));
    }

    Scripted and(Op op, String key, long number) {
        List<Step> more = new ArrayList<>(steps);
        more.add(new Step(op, key, number));
        return new Scripted(more);
    }

    /** What the rows are after these events. */
    static Map<String, Long> fold(List<Scripted> events) {
        Map<String, Long> rows = new TreeMap<>();
        events.forEach(event -> event.steps().forEach(step -> apply(step, rows)));
        return rows;
    }

    private static void apply(Step step, Map<String, Long> rows) {
        switch (step.op()) {
            case UPSERT -> rows.put(step.key(), step.number());
            case DELETE -> rows.remove(step.key());
            case SET -> rows.computeIfPresent(step.key(), (key, number) -> step.number());
            case ADD -> rows.computeIfPresent(step.key(), (key, number) -> number + step.number());
            case ADD_BLINDLY -> rows.compute(step.key(), (key, number) -> number == null ? 0 : number + step.number());
            case COUNT -> rows.merge(step.key(), 1L, Long::sum);
            case FAIL -> {}
        }
    }
}
