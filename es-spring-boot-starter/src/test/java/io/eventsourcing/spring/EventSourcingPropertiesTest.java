package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.spring.EventSourcingProperties.SchemaMode;
import io.eventsourcing.spring.EventSourcingProperties.Serialization;
import io.eventsourcing.spring.EventSourcingProperties.Store;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class EventSourcingPropertiesTest {

    @Test
    void keepsEventsInPostgresAndMigratesUnlessToldOtherwise() {
        EventSourcingProperties properties = bind(Map.of());
        assertThat(properties.store()).isEqualTo(Store.POSTGRES);
        assertThat(properties.schema().name()).isEqualTo("eventsourcing");
        assertThat(properties.schema().mode()).isEqualTo(SchemaMode.MIGRATE);
        assertThat(properties.serialization().maxPayloadBytes())
                .isEqualTo(EventSerialization.DEFAULT_MAX_PAYLOAD_BYTES);
    }

    @Test
    void takesWhatIsSet() {
        EventSourcingProperties properties = bind(Map.of(
                "eventsourcing.store", "memory",
                "eventsourcing.schema.name", "shop",
                "eventsourcing.schema.mode", "validate",
                "eventsourcing.serialization.max-payload-size", "64KB"));
        assertThat(properties.store()).isEqualTo(Store.MEMORY);
        assertThat(properties.schema().name()).isEqualTo("shop");
        assertThat(properties.schema().mode()).isEqualTo(SchemaMode.VALIDATE);
        assertThat(properties.serialization().maxPayloadBytes()).isEqualTo(64 * 1024);
    }

    @Test
    void refusesSizesThatNoPayloadFits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Serialization(DataSize.ofBytes(0)))
                .withMessage("eventsourcing.serialization.max-payload-size cannot be less than 1B.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Serialization(DataSize.ofGigabytes(2)))
                .withMessage("eventsourcing.serialization.max-payload-size cannot be more than 2147483647B.");
    }

    private static EventSourcingProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("eventsourcing", EventSourcingProperties.class);
    }
}
