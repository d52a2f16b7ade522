package io.eventsourcing.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamTest {

    private static final TenantId ACME = TenantId.of("acme");

    @Test
    void belongsToTheTenantInScope() {
        assertThat(StreamId.of("order", "42").tenant()).isEqualTo(TenantId.DEFAULT);
        StreamId scoped = TenantContext.call(ACME, () -> StreamId.of("order", "42"));
        assertThat(scoped)
                .isEqualTo(StreamId.of("order", "42").inTenant(ACME))
                .isNotEqualTo(StreamId.of("order", "42"));
    }

    @Test
    void namesItselfAsErrorTextsDo() {
        assertThat(StreamId.of("order", "42")).hasToString("'order-42'");
        assertThat(StreamId.of("order", "42").inTenant(ACME)).hasToString("'order-42' of tenant 'acme'");
    }

    @Test
    void acceptsWhatItsPartsAccept() {
        assertThat(StreamId.of("t".repeat(128), "i".repeat(255)).id()).hasSize(255);
        assertThat(StreamId.of("order", "a:b").id()).isEqualTo("a:b");
    }

    @Test
    void refusesWhatItsPartsRefuse() {
        assertThatNullPointerException()
                .isThrownBy(() -> new StreamId(null, "order", "42"))
                .withMessageContaining("Use StreamId.of(type, id)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamId.of("a:b", "42"))
                .withMessageContaining("stream type");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamId.of(null, "42"))
                .withMessageContaining("stream type");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamId.of("order", " "))
                .withMessageContaining("stream id");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamId.of("t".repeat(129), "42"))
                .withMessageContaining("at most 128");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamId.of("order", "i".repeat(256)))
                .withMessageContaining("at most 255");
    }

    @Test
    void versionsCountEvents() {
        assertThat(StreamVersion.of(0)).isEqualTo(StreamVersion.NONE).isLessThan(StreamVersion.FIRST);
        assertThat(StreamVersion.NONE.plus(1)).isEqualTo(StreamVersion.FIRST).hasToString("1");
        assertThat(StreamVersion.of(Long.MAX_VALUE)).isGreaterThan(StreamVersion.of(2));
    }

    @Test
    void versionsAreNeverNegativeAndNeverOverflow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamVersion.of(-1))
                .withMessage("A stream version cannot be negative, but -1 was given. The first event of a stream has"
                        + " version 1; 0 means that it has none.");
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> StreamVersion.of(Long.MAX_VALUE).plus(1));
    }

    @ParameterizedTest
    @CsvSource({
        "any version,        true,  true,  true",
        "no stream,          true,  false, false",
        "an existing stream, false, true,  true",
        "version 0,          true,  false, false",
        "version 1,          false, true,  false",
        "version 2,          false, false, true"
    })
    void expectedVersionIsSatisfiedBy(String demand, boolean by0, boolean by1, boolean by2) {
        ExpectedVersion expected = expected(demand);
        assertThat(expected).hasToString(demand);
        assertThat(expected.isSatisfiedBy(StreamVersion.NONE)).isEqualTo(by0);
        assertThat(expected.isSatisfiedBy(StreamVersion.FIRST)).isEqualTo(by1);
        assertThat(expected.isSatisfiedBy(StreamVersion.of(2))).isEqualTo(by2);
    }

    @Test
    void expectedVersionIsNeverNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExpectedVersion.exactly(-1))
                .withMessageContaining("cannot be negative");
        assertThat(ExpectedVersion.exactly(3)).isEqualTo(ExpectedVersion.exactly(StreamVersion.of(3)));
    }

    private static ExpectedVersion expected(String demand) {
        return switch (demand) {
            case "any version" -> ExpectedVersion.any();
            case "no stream" -> ExpectedVersion.noStream();
            case "an existing stream" -> ExpectedVersion.streamExists();
            default -> ExpectedVersion.exactly(Long.parseLong(demand.substring("version ".length())));
        };
    }
}
