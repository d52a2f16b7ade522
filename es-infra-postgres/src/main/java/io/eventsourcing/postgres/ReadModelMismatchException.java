package io.eventsourcing.postgres;

import io.eventsourcing.core.EventSourcingException;
import java.util.List;
import java.util.stream.Collectors;

/** Tables are not as the records of their read models say. Nothing was changed. */
public final class ReadModelMismatchException extends EventSourcingException {

    private static final long serialVersionUID = 1L;

    private final transient List<ReadModelDifference> differences;

    /**
     * Lists the differences.
     *
     * @param differences one or more
     */
    public ReadModelMismatchException(List<ReadModelDifference> differences) {
        super("The tables of read models are not as their records say, in " + differences.size() + " place"
                + (differences.size() == 1 ? "" : "s") + ":\n"
                + differences.stream().map(each -> "- " + each).collect(Collectors.joining("\n"))
                + "\nThe projections were not started, and nothing was changed. Correct the records; or rebuild under a higher version; or"
                + " run, as the owner of the tables:\n"
                + ddl(differences));
        this.differences = List.copyOf(differences);
    }

    /**
     * What mends them all.
     *
     * @param differences the differences
     * @return SQL, one statement a line
     */
    static String ddl(List<ReadModelDifference> differences) {
        return differences.stream().map(each -> each.ddl() + ";").collect(Collectors.joining("\n"));
    }

    /**
     * The differences.
     *
     * @return one or more
     */
    public List<ReadModelDifference> differences() {
        return differences;
    }
}
