package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.tenant.TenantId;
import org.junit.jupiter.api.Test;

/** Who leads a group, step by step on one thread. */
class WaitingAppendsTest {

    private final WaitingAppends waiting = new WaitingAppends();
    private final QueuedAppend first = append();
    private final QueuedAppend second = append();
    private final QueuedAppend third = append();

    private static QueuedAppend append() {
        return new QueuedAppend(SerializedAppend.of(Noted.to(Noted.newStream()), Noted.SERIALIZATION));
    }

    @Test
    void whoComesWhileNoGroupIsWrittenLeads() {
        waiting.enter(first);
        waiting.enter(second);

        assertThat(first.group()).containsExactly(first);
        assertThat(second.group()).isEmpty();
    }

    @Test
    void theFirstWhoWaitsLeadsTheNextGroup() {
        waiting.enter(first);
        waiting.enter(second);
        waiting.enter(third);

        waiting.handOver(TenantId.DEFAULT);

        assertThat(second.group()).containsExactly(second, third);
        assertThat(third.group()).isEmpty();
    }

    /** Nobody would write its group, and everybody after it would wait until his patience ends, for ever. */
    @Test
    void whoLeftLeadsNoGroup() {
        waiting.enter(first);
        waiting.enter(second);
        waiting.leave(second);

        waiting.handOver(TenantId.DEFAULT);

        assertThat(second.group()).isEmpty();
        waiting.enter(third);
        assertThat(third.group()).containsExactly(third);
    }

    @Test
    void whoIsDismissedLeadsNoGroup() {
        waiting.enter(first);
        waiting.enter(second);
        waiting.dismiss(TenantId.DEFAULT);

        waiting.handOver(TenantId.DEFAULT);

        assertThat(second.group()).isEmpty();
        waiting.enter(third);
        assertThat(third.group()).containsExactly(third);
    }
}
