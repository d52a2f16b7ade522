package io.eventsourcing.core.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ActivityTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final AtomicLong nanos = new AtomicLong(-5);
    private final Activity activity = new Activity(nanos::get);

    private String problem() {
        return Activity.problem("It has waited", activity.lasting(), LIMIT);
    }

    @Test
    void onlyWhatLastsTooLongIsAProblem() {
        assertThat(activity.lasting()).isNull();
        assertThat(problem()).isNull();

        activity.begins();
        nanos.addAndGet(LIMIT.toNanos() - 1);
        assertThat(problem()).isNull();

        nanos.incrementAndGet();
        assertThat(activity.lasting()).isEqualTo(LIMIT);
        assertThat(problem()).isEqualTo("It has waited for 10 s.");

        activity.ends();
        assertThat(problem()).isNull();
    }
}
