package io.eventsourcing.spring.unfit;

import io.eventsourcing.core.readmodel.ReadModel;
import io.eventsourcing.core.readmodel.ReadModelPort;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application whose read model is none. */
@Configuration(proxyBeanMethods = false)
@AutoConfigurationPackage
public class UnfitReadModel {

    @Bean
    String reads(ReadModelPort<WithoutId> rows) {
        return rows.toString();
    }

    @ReadModel(table = "without_id")
    public record WithoutId(String text) {}
}
