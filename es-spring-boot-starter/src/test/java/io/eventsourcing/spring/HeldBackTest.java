package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.log.AppendInFlight;
import io.eventsourcing.core.log.HighWaterMark;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeldBackTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final HeldBack heldBack = new HeldBack(nanos::get);

    private static HighWaterMark at(long position, Integer backend) {
        return new HighWaterMark(
                new GlobalPosition(position),
                new GlobalPosition(position + 1),
                Optional.of(new AppendInFlight(backend, null, null, null)));
    }

    private Duration lookAfter(Duration pause, HighWaterMark mark) {
        nanos.addAndGet(pause.toNanos());
        return heldBack.look(mark);
    }

    @Test
    void countsFromTheFirstLook() {
        assertThat(lookAfter(Duration.ofSeconds(40), at(5, 7))).isZero();
        assertThat(lookAfter(Duration.ofSeconds(20), at(5, 7))).hasSeconds(20);
        assertThat(lookAfter(Duration.ofSeconds(20), at(5, 7))).hasSeconds(40);
    }

    @Test
    void beginsAnewForAnotherAppend() {
        heldBack.look(at(5, 7));
        assertThat(lookAfter(Duration.ofSeconds(40), at(5, 8)))
                .as("of another backend")
                .isZero();
        assertThat(lookAfter(Duration.ofSeconds(40), at(6, 8)))
                .as("of the same backend")
                .isZero();
    }

    @Test
    void beginsAnewWhenNobodyHeldItBackMeanwhile() {
        heldBack.look(at(5, 7));
        HighWaterMark free = new HighWaterMark(new GlobalPosition(5), new GlobalPosition(5), Optional.empty());
        assertThat(lookAfter(Duration.ofSeconds(40), free)).isZero();
        assertThat(lookAfter(Duration.ofSeconds(40), at(5, 7))).isZero();
    }
}
