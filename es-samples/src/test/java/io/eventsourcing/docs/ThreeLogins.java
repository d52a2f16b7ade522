package io.eventsourcing.docs;

import io.eventsourcing.spring.EventStoreOwnerDataSource;
import io.eventsourcing.spring.EventStoreSystemDataSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What docs/tenancy.md shows of an application with three logins. */
// tag::logins
@Configuration(proxyBeanMethods = false)
class ThreeLogins {

    @Value("${spring.datasource.url}")
    private String url;

    @Bean(defaultCandidate = false)
    @EventStoreOwnerDataSource
    DataSource owner(@Value("${logins.owner}") String password) {
        return DataSourceBuilder.create()
                .url(url)
                .username("orders_owner")
                .password(password)
                .build();
    }

    @Bean(defaultCandidate = false)
    @EventStoreSystemDataSource
    DataSource system(@Value("${logins.system}") String password) {
        return DataSourceBuilder.create()
                .url(url)
                .username("orders_system")
                .password(password)
                .build();
    }
}
// end::logins
