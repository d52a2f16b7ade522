package io.eventsourcing.testkit.projection;

import io.eventsourcing.core.serialization.EventSerialization;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/**
 * What projections and read models do on every store, in tests that never skip. An adapter's test extends it and says how the store is
 * opened. Each test needs a store that is empty.
 */
public abstract class ProjectionContract {

    /** For adapters' tests. */
    protected ProjectionContract() {}

    /**
     * Opens the store. Whatever is opened within one test sees the same data, and no test sees that of another.
     *
     * @param serialization what the store writes and reads with
     * @return the store
     */
    protected abstract ProjectionsUnderTest open(EventSerialization serialization);

    /**
     * How long a test waits for what does not come, before it fails.
     *
     * @return 60 seconds unless overridden
     */
    protected Duration patience() {
        return Duration.ofSeconds(60);
    }

    @Nested
    final class Updating extends UpdaterRules {
        Updating() {
            super(ProjectionContract.this::open, patience());
        }
    }

    @Nested
    final class Columns extends ColumnRules {
        Columns() {
            super(ProjectionContract.this::open, patience());
        }
    }

    @Nested
    final class Querying extends QueryRules {
        Querying() {
            super(ProjectionContract.this::open, patience());
        }
    }

    @Nested
    final class Running extends RunnerRules {
        Running() {
            super(ProjectionContract.this::open, patience());
        }
    }

    @Nested
    final class Inline extends InlineRules {
        Inline() {
            super(ProjectionContract.this::open, patience());
        }
    }

    @Nested
    final class Live extends LiveRules {
        Live() {
            super(ProjectionContract.this::open, patience());
        }
    }

    @Nested
    final class Rebuilding extends RebuildRules {
        Rebuilding() {
            super(ProjectionContract.this::open, patience());
        }
    }

    @Nested
    final class Random extends RandomProjectionRules {
        Random() {
            super(ProjectionContract.this::open, patience());
        }
    }
}
