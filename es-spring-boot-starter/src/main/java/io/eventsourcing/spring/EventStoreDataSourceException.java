package io.eventsourcing.spring;

import java.util.Collection;

/** The application has no DataSource for its event store, or several of which none is primary. */
final class EventStoreDataSourceException extends RuntimeException {

    static final String CHOOSE_ONE =
            "Set spring.datasource.url, spring.datasource.username and spring.datasource.password"
                    + " to those of a PostgreSQL database, or define a DataSource bean. To try things out without a database, set"
                    + " eventsourcing.store=memory: its events are gone when the application ends.";

    private static final long serialVersionUID = 1L;

    private final String action;

    private EventStoreDataSourceException(String description, String action) {
        super(description);
        this.action = action;
    }

    static EventStoreDataSourceException none() {
        return new EventStoreDataSourceException(
                "The event store keeps its events in PostgreSQL, but the application has no DataSource.", CHOOSE_ONE);
    }

    static EventStoreDataSourceException several(Collection<String> names) {
        return new EventStoreDataSourceException(
                "The event store needs one DataSource, but the application has several and none of them is primary: "
                        + String.join(", ", names) + ".",
                "Mark the DataSource of the event store with @Primary, or keep the others out of the choice with"
                        + " @Bean(defaultCandidate = false).");
    }

    String action() {
        return action;
    }
}
