package io.eventsourcing.core.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TenantTest {

    private static final TenantId A = TenantId.of("a");
    private static final TenantId B = TenantId.of("b");

    @Test
    void isItsText() {
        assertThat(A).hasToString("a").isEqualTo(new TenantId("a")).isNotEqualTo(TenantId.of("A"));
        assertThat(TenantId.DEFAULT).isEqualTo(TenantId.of("default"));
        assertThat(TenantId.of("x".repeat(64)).value()).hasSize(64);
    }

    @Test
    void refusesTextThatIsNoIdentifier() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TenantId.of(null))
                .withMessageContaining("tenant id is null");
        assertThatIllegalArgumentException().isThrownBy(() -> TenantId.of(" ")).withMessageContaining("is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TenantId.of("a:b"))
                .withMessageContaining("contains ':'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TenantId.of("x".repeat(65)))
                .withMessageContaining("at most 64 are accepted");
    }

    @Test
    void isTheDefaultOneOutsideEveryScope() {
        assertThat(TenantContext.current()).isEqualTo(TenantId.DEFAULT);
        assertThat(TenantContext.inScope()).isEmpty();
    }

    @Test
    void isTheInnermostScopesAndIsRestored() {
        TenantContext.run(A, () -> {
            assertThat(TenantContext.<TenantId>call(B, TenantContext::current)).isEqualTo(B);
            assertThat(TenantContext.current()).isEqualTo(A);
            try (TenantContext.Scope scope = TenantContext.open(TenantId.DEFAULT)) {
                assertThat(TenantContext.inScope()).contains(TenantId.DEFAULT);
            }
            assertThat(TenantContext.inScope()).contains(A);
        });
        assertThat(TenantContext.inScope()).isEmpty();
    }

    @Test
    void isRestoredAfterAnException() {
        TenantContext.run(A, () -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> TenantContext.run(B, () -> {
                        throw new IllegalStateException();
                    }));
            assertThatIllegalStateException()
                    .isThrownBy(() -> TenantContext.call(B, () -> {
                        throw new IllegalStateException();
                    }));
            assertThat(TenantContext.current()).isEqualTo(A);
        });
        assertThat(TenantContext.inScope()).isEmpty();
    }

    @Test
    void isNotSeenByOtherThreads() throws InterruptedException {
        CompletableFuture<TenantId> seen = new CompletableFuture<>();
        TenantContext.run(A, () -> new Thread(() -> seen.complete(TenantContext.current())).start());
        assertThat(seen.join()).isEqualTo(TenantId.DEFAULT);
    }

    @Test
    void isNeverTheDefaultOneBecauseSomebodyPassedNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> TenantContext.open(null))
                .withMessageContaining("The tenant of a scope is null. Nothing was done");
        assertThat(TenantContext.inScope()).isEmpty();
    }
}
