package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who leads a group, step by step on one thread. */
class WaitingCallsTest {

    private final WaitingCalls<SerializedAppend, AppendResult> waiting = new WaitingCalls<>();
    private final QueuedCall<SerializedAppend, AppendResult> first = append();
    private final QueuedCall<SerializedAppend, AppendResult> second = append();
    private final QueuedCall<SerializedAppend, AppendResult> third = append();

    private static QueuedCall<SerializedAppend, AppendResult> append() {
        return append(Noted.newStream());
    }

    private static QueuedCall<SerializedAppend, AppendResult> append(StreamId stream) {
        return new QueuedCall<>(SerializedAppend.of(Noted.to(stream), Noted.SERIALIZATION));
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

        waiting.handOver(first);

        assertThat(second.group()).containsExactly(second, third);
        assertThat(third.group()).isEmpty();
    }

    /** Nobody would write its group, and everybody after it would wait until his patience ends, for ever. */
    @Test
    void whoLeftLeadsNoGroup() {
        waiting.enter(first);
        waiting.enter(second);
        waiting.leave(second);

        waiting.handOver(first);

        assertThat(second.group()).isEmpty();
        waiting.enter(third);
        assertThat(third.group()).containsExactly(third);
    }

    @Test
    void whoIsDismissedLeadsNoGroup() {
        waiting.enter(first);
        waiting.enter(second);
        waiting.dismiss(TenantId.DEFAULT);

        waiting.handOver(first);

        assertThat(second.group()).isEmpty();
        waiting.enter(third);
        assertThat(third.group()).containsExactly(third);
    }

    /** As many as a second group is begun for. */
    private List<QueuedCall<SerializedAppend, AppendResult>> enoughEnter() {
        return enter(8);
    }

    private List<QueuedCall<SerializedAppend, AppendResult>> enter(int count) {
        List<QueuedCall<SerializedAppend, AppendResult>> calls =
                Stream.generate(WaitingCallsTest::append).limit(count).toList();
        calls.forEach(waiting::enter);
        return calls;
    }

    /** Each member holds a lock, of which PostgreSQL has room for some thousands in all. */
    @Test
    void aGroupHasALargestSize() {
        waiting.enter(first);
        enoughEnter();
        List<QueuedCall<SerializedAppend, AppendResult>> many = enter(70);

        waiting.handOver(first);

        assertThat(many.get(0).group()).containsExactlyElementsOf(many.subList(0, 64));
    }

    @Test
    void whileOneGroupIsWrittenASecondOneIsBegunWhenEnoughWaitAndNoThird() {
        waiting.enter(first);

        List<QueuedCall<SerializedAppend, AppendResult>> enough = enoughEnter();
        List<QueuedCall<SerializedAppend, AppendResult>> tooMany = enoughEnter();

        assertThat(enough.get(0).group()).containsExactlyElementsOf(enough);
        assertThat(tooMany).allSatisfy(call -> assertThat(call.group()).isEmpty());
        waiting.handOver(enough.get(0));
        assertThat(tooMany.get(0).group()).containsExactlyElementsOf(tooMany);
    }

    @Test
    void fewWaitUntilNoGroupIsWritten() {
        waiting.enter(first);
        List<QueuedCall<SerializedAppend, AppendResult>> enough = enoughEnter();
        waiting.enter(second);

        waiting.handOver(enough.get(0));

        assertThat(second.group()).isEmpty();
        waiting.handOver(first);
        assertThat(second.group()).containsExactly(second);
    }

    /** The second group would find the stream locked by the first one. */
    @Test
    void whatIsForAStreamThatIsBeingWrittenWaits() {
        StreamId stream = Noted.newStream();
        QueuedCall<SerializedAppend, AppendResult> again = append(stream);
        waiting.enter(append(stream));
        waiting.enter(again);

        List<QueuedCall<SerializedAppend, AppendResult>> enough = enoughEnter();

        assertThat(enough.get(0).group()).containsExactlyElementsOf(enough);
        waiting.handOver(enough.get(0));
        assertThat(again.group()).isEmpty();
    }

    @Test
    void whoLeadsTakesThoseWhoCameBeforeItWroteAndNobodyElsesGroup() {
        waiting.enter(first);
        List<QueuedCall<SerializedAppend, AppendResult>> enough = enoughEnter();
        waiting.enter(second);

        waiting.join(first);

        assertThat(first.group()).containsExactly(first, second);
        assertThat(enough.get(0).group()).containsExactlyElementsOf(enough);
    }
}
