package io.eventsourcing.testkit.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.saga.SagaId;
import io.eventsourcing.core.saga.SagaInstance;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the store of processes keeps. */
abstract class SagaStoreRules extends SagaRules {

    SagaStoreRules(Function<EventSerialization, SagasUnderTest> opener) {
        super(opener);
    }

    private SagaInstance at(long position, int part, String json, boolean isComplete) {
        return at(process("o-1"), position, part, json, isComplete);
    }

    private static SagaInstance at(SagaId id, long position, int part, String json, boolean isComplete) {
        return new SagaInstance(
                id,
                new GlobalPosition(position),
                part,
                new SerializedPayload(new VersionedType(id.saga(), 3), json, null),
                isComplete);
    }

    @Test
    void aProcessIsFoundAsItWasSaved() {
        assertThat(under.sagas().find(process("o-1"))).isEmpty();

        SagaInstance saved = at(7, 2, "{\"text\": \"a 'quoted' \\\"text\\\"\"}", false);
        assertThat(under.sagas().save(saved)).isTrue();
        assertThat(under.sagas().find(process("o-1"))).contains(saved);

        SagaInstance encoded = new SagaInstance(
                process("o-2"),
                new GlobalPosition(8),
                0,
                new SerializedPayload(new VersionedType(name, 1), "{\"x\": 1}", "cipher"),
                true);
        under.sagas().save(encoded);
        assertThat(under.sagas().find(process("o-2"))).contains(encoded);
    }

    @Test
    void processesOfOtherTenantsAndSagasAreOthers() {
        SagaId ofOtherTenant = new SagaId(TenantId.of(tenant + "x"), name, "o-1");
        SagaId ofOtherSaga = new SagaId(tenant, name + "x", "o-1");
        under.sagas().save(at(1, 0, "{}", false));
        assertThat(under.sagas().find(ofOtherTenant)).isEmpty();
        assertThat(under.sagas().find(ofOtherSaga)).isEmpty();

        under.sagas().save(at(ofOtherTenant, 5, 0, "{}", false));
        under.sagas().save(at(ofOtherSaga, 6, 0, "{}", false));
        assertThat(under.sagas().find(process("o-1")).orElseThrow().position()).isEqualTo(new GlobalPosition(1));
        assertThat(under.sagas().find(ofOtherTenant).orElseThrow().position()).isEqualTo(new GlobalPosition(5));
    }

    @Test
    void aProcessOnlyGoesOn() {
        under.sagas().save(at(7, 1, "{}", false));
        assertThat(under.sagas().save(at(7, 1, "{\"x\": 1}", false))).isFalse();
        assertThat(under.sagas().save(at(7, 0, "{\"x\": 1}", false))).isFalse();
        assertThat(under.sagas().save(at(6, 2, "{\"x\": 1}", false))).isFalse();
        assertThat(under.sagas().find(process("o-1"))).contains(at(7, 1, "{}", false));

        assertThat(under.sagas().save(at(7, 2, "{\"x\": 1}", false))).isTrue();
        assertThat(under.sagas().save(at(8, 0, "{\"x\": 2}", false))).isTrue();
        assertThat(under.sagas().find(process("o-1"))).contains(at(8, 0, "{\"x\": 2}", false));
    }

    @Test
    void aProcessThatIsOverStaysSo() {
        under.sagas().save(at(7, 0, "{}", true));

        assertThat(under.sagas().save(at(8, 0, "{}", false))).isFalse();
        assertThat(under.sagas().find(process("o-1"))).contains(at(7, 0, "{}", true));
    }

    @Test
    void onlyWhatWasOverLongAgoIsPurged() {
        SagaId going = process("going");
        under.sagas().save(at(process("over"), 1, 0, "{}", true));
        under.sagas().save(at(going, 1, 0, "{}", false));

        assertThat(under.sagas().purge(Duration.ofDays(1), 1_000)).isZero();
        assertThat(under.sagas().find(process("over"))).isPresent();
        int purged = under.sagas().purge(Duration.ZERO, 1);
        assertThat(purged).isEqualTo(1);
        while (purged > 0) { // those of other tests, too
            purged = under.sagas().purge(Duration.ZERO, 1_000);
        }
        assertThat(under.sagas().find(process("over"))).isEmpty();
        assertThat(under.sagas().find(going)).isPresent();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> under.sagas().purge(Duration.ZERO, 0))
                .withMessageContaining("0");
    }
}
