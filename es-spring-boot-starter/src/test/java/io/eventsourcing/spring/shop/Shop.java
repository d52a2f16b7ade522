package io.eventsourcing.spring.shop;

import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.Upcaster;
import java.math.BigDecimal;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.node.ObjectNode;

/** An application whose events are in its package. */
@Configuration(proxyBeanMethods = false)
@AutoConfigurationPackage
public class Shop {

    @Bean
    Upcaster articlesOnceHadNoPrice() {
        return Upcaster.next(
                new VersionedType("article-sold", 1), json -> ((ObjectNode) json).put("unitPrice", BigDecimal.ONE));
    }
}
