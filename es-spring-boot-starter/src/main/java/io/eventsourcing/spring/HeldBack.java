package io.eventsourcing.spring;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.AppendInFlight;
import io.eventsourcing.core.log.HighWaterMark;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** For how long one append was seen to hold the log back, where the database does not tell. Thread-safe. */
final class HeldBack {

    private final LongSupplier nanoTime;

    /** Guarded by this, as is the time. */
    private @Nullable Seen seen;

    private long since;

    HeldBack(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The time since the append that holds the log back was first seen to; zero if none does. */
    synchronized Duration look(HighWaterMark mark) {
        Seen now = mark.heldBackBy()
                .map(append -> Seen.of(mark.position(), append))
                .orElse(null);
        if (now == null || !now.equals(seen)) {
            seen = now;
            since = nanoTime.getAsLong();
        }
        return Duration.ofNanos(nanoTime.getAsLong() - since);
    }

    /** When an append ends, the mark moves: so one backend's next append is another one. */
    private record Seen(
            GlobalPosition mark,
            @Nullable Integer backend,
            @Nullable String preparedAs) {

        static Seen of(GlobalPosition mark, AppendInFlight append) {
            return new Seen(mark, append.backend(), append.preparedAs());
        }
    }
}
