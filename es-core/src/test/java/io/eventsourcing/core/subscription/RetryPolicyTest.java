package io.eventsourcing.core.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    @Test
    void pausesDoubleUpToTheLongest() {
        RetryPolicy policy = new RetryPolicy(9, Duration.ofMillis(100), Duration.ofMillis(700));

        assertThat(IntStream.of(1, 2, 3, 4, 5, 1_000_000)
                        .mapToObj(policy::pauseAfter)
                        .map(Duration::toMillis))
                .containsExactly(100L, 200L, 400L, 700L, 700L, 700L);
    }

    @Test
    void theUsualPausesLastSomeTwentyFiveSeconds() {
        long all = IntStream.range(1, RetryPolicy.DEFAULT.attempts())
                .mapToLong(failures -> RetryPolicy.DEFAULT.pauseAfter(failures).toMillis())
                .sum();

        assertThat(all).isEqualTo(25_400);
    }

    @Test
    void thereIsOneAttemptAtLeastAndNoPauseBelowZeroOrAboveTheLongest() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(0, Duration.ZERO, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(1, Duration.ofMillis(-1), Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(1, Duration.ofMillis(2), Duration.ofMillis(1)));
    }
}
