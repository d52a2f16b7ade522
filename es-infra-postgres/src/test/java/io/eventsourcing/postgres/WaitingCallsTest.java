package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.tenant.TenantId;
import org.junit.jupiter.api.Test;

/** Who leads a group, step by step on one thread. */
class WaitingCallsTest {

    private final WaitingCalls<SerializedAppend, AppendResult> waiting = new WaitingCalls<>();
    private final QueuedCall<SerializedAppend, AppendResult> first = append();
    private final QueuedCall<SerializedAppend, AppendResult> second = append();
    private final QueuedCall<SerializedAppend, AppendResult> third = append();

    private static QueuedCall<SerializedAppend, AppendResult> append() {
        return new QueuedCall<>(SerializedAppend.of(Noted.to(Noted.newStream()), Noted.SERIALIZATION));
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
