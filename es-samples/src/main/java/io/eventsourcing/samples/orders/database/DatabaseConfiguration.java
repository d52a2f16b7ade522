package io.eventsourcing.samples.orders.database;

import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The database of the service: the one that {@code spring.datasource.url} names, else the embedded one; none at all with
 * {@code eventsourcing.store=memory}, which is why the DataSource is imported here and not configured in any case.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "eventsourcing.store", havingValue = "postgres", matchIfMissing = true)
@Import({DatabaseConfiguration.Embedded.class, DataSourceAutoConfiguration.class})
class DatabaseConfiguration {

    @Conditional(NoDatabaseGiven.class)
    static class Embedded {

        @Bean
        EmbeddedDatabase embeddedDatabase(@Value("${orders.database.folder}") Path folder) {
            return EmbeddedDatabase.start(folder);
        }
    }

    static class NoDatabaseGiven extends NoneNestedConditions {

        NoDatabaseGiven() {
            super(ConfigurationPhase.PARSE_CONFIGURATION);
        }

        @ConditionalOnProperty("spring.datasource.url")
        static class Given {}
    }
}
