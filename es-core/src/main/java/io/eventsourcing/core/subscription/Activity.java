package io.eventsourcing.core.subscription;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** For how long something has been at work, so that what hangs, and so reports nothing, is seen. Thread-safe. */
final class Activity {

    private final LongSupplier nanos;
    private volatile @Nullable Long since;

    Activity() {
        this(System::nanoTime);
    }

    Activity(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void begins() {
        since = nanos.getAsLong();
    }

    void ends() {
        since = null;
    }

    /** Null if it is not at work. */
    @Nullable
    Duration lasting() {
        Long began = since;
        return began == null ? null : Duration.ofNanos(nanos.getAsLong() - began);
    }

    /** What to say of something that has been at work for longer than it should; null if it has not. */
    static @Nullable String problem(String what, @Nullable Duration lasting, Duration limit) {
        return lasting == null || lasting.compareTo(limit) < 0 ? null : what + " for " + lasting.toSeconds() + " s.";
    }
}
