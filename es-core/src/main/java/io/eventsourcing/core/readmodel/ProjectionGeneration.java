package io.eventsourcing.core.readmodel;

/**
 * One building of the tables of a projection: the first, and one for each rebuild.
 *
 * @param projection the name of the projection
 * @param number counts up from 1
 * @param version the version of the projection that builds it
 * @param isInline whether appends handle their events for it while it is live
 * @param state what becomes of it
 */
public record ProjectionGeneration(String projection, int number, int version, boolean isInline, State state) {

    /** What becomes of a generation. */
    public enum State {
        /** It is built beside the live one, in tables of its own. */
        BUILDING,
        /** Its tables are those that applications know, and follow the log. */
        LIVE,
        /** Its tables are those that applications know, and do not change any more: the next generation is about to take their place. */
        CLOSED,
        /** Its tables have been replaced, and are dropped later. */
        RETIRED
    }

    /**
     * The name of the subscription that builds it.
     *
     * @return the name
     */
    public String subscription() {
        return "projection:" + projection + "#" + number;
    }

    /**
     * The table that it writes to.
     *
     * @param type the read model
     * @return the table that applications know, or the one beside it
     */
    public ReadModelTable table(ReadModelType<?> type) {
        return new ReadModelTable(type, state == State.BUILDING ? type.table() + "__" + number : type.table());
    }

    /**
     * Whether events are handled for it.
     *
     * @return false if its tables do not change any more
     */
    public boolean isActive() {
        return state == State.BUILDING || state == State.LIVE;
    }
}
