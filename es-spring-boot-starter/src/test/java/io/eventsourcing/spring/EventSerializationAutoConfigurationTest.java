package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.serialization.JsonMapperCustomizer;
import io.eventsourcing.core.serialization.PayloadCodec;
import io.eventsourcing.core.serialization.PayloadContext;
import io.eventsourcing.core.serialization.PayloadTooLargeException;
import io.eventsourcing.core.serialization.SerializedPayload;
import io.eventsourcing.core.serialization.Upcaster;
import io.eventsourcing.core.snapshot.SnapshotType;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.spring.shop.Shop;
import io.eventsourcing.spring.shop.ShopClosed;
import io.eventsourcing.spring.shop.ShopEvent.ArticleSold;
import io.eventsourcing.spring.shop.ShopEvent.ShopOpened;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.PropertyNamingStrategies;

class EventSerializationAutoConfigurationTest {

    private static final StreamId STREAM = StreamId.of("shop", "s-1");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(EventSerializationAutoConfiguration.class));
    private final ApplicationContextRunner shop = runner.withUserConfiguration(Shop.class);

    @Test
    void findsAnnotatedClassesOfTheApplicationNestedOnesToo() {
        shop.run(context -> assertThat(context.getBean(EventTypes.class).all())
                .containsOnlyKeys(ShopOpened.class, ArticleSold.class, ShopClosed.class));
    }

    @Test
    void findsNoEventsWhereTheApplicationHasNoPackages() {
        runner.run(
                context -> assertThat(context.getBean(EventTypes.class).all()).isEmpty());
    }

    @Test
    void letsCustomizersRegisterWhatIsNotFound() {
        VersionedType type = new VersionedType("stock-counted", 1);
        shop.withBean(EventTypesCustomizer.class, () -> types -> types.register(type, StockCounted.class))
                .run(context -> assertThat(context.getBean(EventTypes.class).all())
                        .hasSize(4)
                        .containsEntry(StockCounted.class, type));
    }

    @Test
    void backsOffForEventTypesOfTheApplication() {
        EventTypes own = EventTypes.of(ShopClosed.class);
        runner.withBean(EventTypes.class, () -> own).run(context -> {
            assertThat(context).getBean(EventTypes.class).isSameAs(own);
            assertThat(context.getBean(EventSerialization.class).eventTypes()).isSameAs(own);
        });
    }

    @Test
    void backsOffForASerializationOfTheApplication() {
        EventSerialization own = EventSerialization.of(ShopClosed.class);
        runner.withBean(EventSerialization.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(EventSerialization.class).isSameAs(own));
    }

    @Test
    void upcastsEventsWithTheUpcastersThatAreBeans() {
        VersionedType old = new VersionedType("shop-shut", 1);
        shop.withBean(Upcaster.class, () -> Upcaster.rename(old, new VersionedType("shop-closed", 1)))
                .run(context -> assertThat(context).hasNotFailed().hasBean("articlesOnceHadNoPrice"));
        runner.withBean(EventTypesCustomizer.class, () -> types -> types.register(ArticleSold.class))
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void encodesWithTheFirstCodecOfTheOrder() {
        shop.withUserConfiguration(TwoCodecs.class)
                .run(context -> assertThat(
                                write(context.getBean(EventSerialization.class)).codec())
                        .isEqualTo("first"));
    }

    @Test
    void customizesTheMapperThatStores() {
        shop.withBean(
                        JsonMapperCustomizer.class,
                        () -> mapper -> mapper.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE))
                .run(context -> assertThat(
                                write(context.getBean(EventSerialization.class)).json())
                        .isEqualTo("{\"shop_name\":\"Fish & Sons\"}"));
    }

    @Test
    void limitsPayloadsAsThePropertySays() {
        shop.withPropertyValues("eventsourcing.serialization.max-payload-size=10B")
                .run(context -> assertThatExceptionOfType(PayloadTooLargeException.class)
                        .isThrownBy(() -> write(context.getBean(EventSerialization.class))));
    }

    @Test
    void letsCustomizersUpcastSnapshots() {
        VersionedType first = new VersionedType("stock", 1);
        shop.withBean(
                        EventSerializationCustomizer.class,
                        () -> serialization -> serialization.snapshotUpcasters(List.of(Upcaster.next(first, s -> s))))
                .run(context -> {
                    EventSerialization serialization = context.getBean(EventSerialization.class);
                    assertThat(serialization.snapshotType(Stock.class)).isEqualTo(first.at(2));
                    assertThat(serialization.readableSchemaVersions(Stock.class))
                            .containsExactly(1, 2);
                });
    }

    @Test
    void refusesAnUpcasterOfSnapshotsThatIsABean() {
        VersionedType first = new VersionedType("stock", 1);
        shop.withBean(Upcaster.class, () -> Upcaster.next(first, state -> state))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageStartingWith(
                                "The upcaster from type 'stock' version 1 leads to type 'stock' version 2,"
                                        + " which is not a registered type"));
    }

    private static SerializedPayload write(EventSerialization serialization) {
        return serialization
                .write(STREAM, NewEvent.of(new ShopOpened("Fish & Sons")))
                .payload();
    }

    record StockCounted(int pieces) {}

    @SnapshotType(value = "stock", schemaVersion = 2)
    record Stock(int pieces) {}

    static class TwoCodecs {

        @Bean
        @Order(2)
        PayloadCodec second() {
            return new Plain("second");
        }

        @Bean
        @Order(1)
        PayloadCodec first() {
            return new Plain("first");
        }
    }

    record Plain(String name) implements PayloadCodec {

        @Override
        public boolean appliesTo(PayloadContext context) {
            return true;
        }

        @Override
        public byte[] encode(PayloadContext context, byte[] plain) {
            return plain;
        }

        @Override
        public byte[] decode(PayloadContext context, byte[] encoded) {
            return encoded;
        }
    }
}
