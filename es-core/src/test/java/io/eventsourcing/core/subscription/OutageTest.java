package io.eventsourcing.core.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutageTest {

    private final Outage outage = new Outage("s");

    /** Or one segment that never moves would be shown as healthy whenever another one moves. */
    @Test
    void aPartThatGoesOnSaysNothingAboutAnother() {
        outage.goesOn("segment 1", new IllegalStateException("one"));
        outage.goesOn("segment 2", new IllegalStateException("two"));
        outage.isOver("segment 2");
        assertThat(outage.error()).isEqualTo("segment 1: java.lang.IllegalStateException: one");

        outage.isOver("segment 1");
        assertThat(outage.error()).isNull();
    }

    @Test
    void theLatestErrorOfAPartIsShown() {
        outage.goesOn("segment 1", new IllegalStateException("one"));
        outage.goesOn("segment 1", new IllegalStateException("another"));

        assertThat(outage.error()).endsWith("another");
    }
}
