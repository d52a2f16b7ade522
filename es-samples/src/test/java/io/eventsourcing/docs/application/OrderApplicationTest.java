package io.eventsourcing.docs.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The application of the README's three steps. */
class OrderApplicationTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @Test
    void keepsOrdersBeyondARestart() {
        try (ConfigurableApplicationContext application = startOnPostgres()) {
            OrderService orders = application.getBean(OrderService.class);
            orders.place("o-1", new BigDecimal("20.00"));
            orders.ship("o-1");
        }
        try (ConfigurableApplicationContext application = startOnPostgres()) {
            OrderService orders = application.getBean(OrderService.class);
            assertThat(orders.find("o-1")).isEqualTo(new Order(true, new BigDecimal("20.00"), true));
            assertThatThrownBy(() -> orders.ship("o-1")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> orders.place("o-1", BigDecimal.ONE)).isInstanceOf(VersionConflictException.class);
        }
    }

    @Test
    void keepsOrdersInMemoryWithoutADatabase() {
        try (ConfigurableApplicationContext application = start(
                "--eventsourcing.store=memory",
                "--spring.autoconfigure.exclude="
                        + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")) {
            OrderService orders = application.getBean(OrderService.class);
            orders.place("o-1", BigDecimal.ONE);
            assertThat(orders.find("o-1").placed()).isTrue();
        }
    }

    @Test
    void failsToStartWithoutADatabase() {
        assertThatThrownBy(() -> start().close()).hasMessageContaining("Failed to determine a suitable driver class");
    }

    private static ConfigurableApplicationContext startOnPostgres() {
        return start(
                "--spring.datasource.url=" + postgres.database().url(),
                "--spring.datasource.username=" + postgres.database().user(),
                "--spring.datasource.password=" + postgres.database().password());
    }

    private static ConfigurableApplicationContext start(String... arguments) {
        return new SpringApplicationBuilder(OrderApplication.class)
                .web(WebApplicationType.NONE)
                .properties("spring.config.name=docs") // not the properties of the sample
                .run(arguments);
    }
}
