package io.eventsourcing.spring;

import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;

/** The application's one DataSource, or its primary one. */
final class EventStoreDataSource {

    private EventStoreDataSource() {}

    static DataSource of(ListableBeanFactory beans) {
        try {
            DataSource dataSource = beans.getBeanProvider(DataSource.class).getIfAvailable();
            if (dataSource == null) {
                throw EventStoreDataSourceException.none();
            }
            return dataSource;
        } catch (NoUniqueBeanDefinitionException e) {
            throw EventStoreDataSourceException.several(Objects.requireNonNullElse(e.getBeanNamesFound(), List.of()));
        }
    }
}
