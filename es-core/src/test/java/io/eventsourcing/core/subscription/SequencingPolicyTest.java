package io.eventsourcing.core.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.log.LogEntry;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which events are handled in order, and by whom: what is stored depends on it. */
class SequencingPolicyTest {

    private static final StreamId ORDER = new StreamId(TenantId.of("acme"), "order", "o-1");

    /** CRC-32C, computed apart from this library. If one of these changes, segments of stores in use lose their order. */
    @ParameterizedTest
    @CsvSource({
        "default:order:o-1, 16, 15",
        "acme:order:o-1, 16, 6",
        "acme#customer:42, 16, 8",
        "acme:käse:ü€😀, 16, 4",
        "acme:käse:ü€😀, 7, 1",
        "acme:order:o-1, 1, 0"
    })
    void aKeyBelongsToTheSameSegmentForEver(String key, int segments, int segment) {
        assertThat(SequencingPolicy.segmentOf(key, segments)).isEqualTo(segment);
    }

    @Test
    void theKeyNamesTheStreamWithItsTenant() {
        assertThat(SequencingPolicy.byStream().keyOf(Entries.entry(1, ORDER))).isEqualTo("acme:order:o-1");
    }

    @Test
    void theKeyIsTheFirstOfItsTagsInOrderOrElseTheStream() {
        SequencingPolicy byCustomer = SequencingPolicy.byTag("customer");

        assertThat(byCustomer.keyOf(Entries.entry(1, ORDER, "region:eu", "customer:7", "customer:42")))
                .isEqualTo("acme#customer:42");
        assertThat(byCustomer.keyOf(Entries.entry(1, ORDER, "customers:1"))).isEqualTo("acme:order:o-1");
    }

    @Test
    void theKeyOfAFunctionIsThatOfItsTenant() {
        SequencingPolicy byNumber =
                SequencingPolicy.by("number", event -> "n-" + event.version().value());

        assertThat(byNumber.keyOf(Entries.entry(1, ORDER))).isEqualTo("acme#n-1");
    }

    /** What an upcaster drops has a place in the order all the same. */
    @Test
    void theKeyIsTheStreamWhereThereIsNoEventToAskAFunctionFor() {
        SequencingPolicy byNumber = SequencingPolicy.by("number", event -> "n");

        assertThat(byNumber.keyOf(Entries.unwanted(1))).isEqualTo("default:clock:c");
    }

    @Test
    void aPolicyNeedsAnIdentifierAsItsNameAndATagKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SequencingPolicy.by(" ", event -> "n"))
                .withMessageContaining("name of a sequencing policy is blank");
        assertThatIllegalArgumentException().isThrownBy(() -> SequencingPolicy.byTag(""));
    }

    @Test
    void everythingHasOneKeyIfThereIsOneOrder() {
        LogEntry other = Entries.entry(2, StreamId.of("clock", "c-1"));

        assertThat(SequencingPolicy.single().keyOf(Entries.entry(1, ORDER)))
                .isEqualTo(SequencingPolicy.single().keyOf(other));
    }

    @Test
    void theStoreIsToldHowAndByWhichHash() {
        assertThat(SequencingPolicy.byStream().over(16)).isEqualTo(new Sequencing(16, "stream, crc32c"));
        assertThat(SequencingPolicy.byTag("customer").over(4)).isEqualTo(new Sequencing(4, "tag:customer, crc32c"));
        assertThat(SequencingPolicy.by("number", event -> "n").over(1))
                .isEqualTo(new Sequencing(1, "function:number, crc32c"));
        assertThat(SequencingPolicy.single().over(1)).isEqualTo(new Sequencing(1, "single, crc32c"));
    }

    @Test
    void aFunctionMustAnswerAKeyThatCanBeStored() {
        SequencingPolicy tooLong = SequencingPolicy.by("long", event -> "k".repeat(513));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> tooLong.keyOf(Entries.entry(1, ORDER)))
                .withMessageContaining("sequencing key");
    }
}
