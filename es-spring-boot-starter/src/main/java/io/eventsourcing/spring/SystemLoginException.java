package io.eventsourcing.spring;

/** The login by which subscriptions follow the log may not read it. */
final class SystemLoginException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String action;

    SystemLoginException(SystemLogin login, String actualRole) {
        super(description(login, actualRole));
        this.action = action(login, actualRole);
    }

    private static String description(SystemLogin login, String actualRole) {
        String who = login.isGiven()
                ? "The DataSource with @EventStoreSystemDataSource"
                : "No DataSource bean has @EventStoreSystemDataSource, so that the application's";
        String meant = login.role() == null ? "" : " eventsourcing.schema.system-role is '" + login.role() + "'.";
        return "The subscriptions of this application cannot follow the log. " + who + " logs in as '" + actualRole
                + "', which may not read the events of all tenants in the schema '" + login.schema() + "'." + meant
                + " The application was not started.";
    }

    private static String action(SystemLogin login, String actualRole) {
        String role = login.role() == null ? "the system role" : "'" + login.role() + "'";
        String bean = login.isGiven()
                ? "Let that DataSource log in as " + role
                : "Declare a DataSource that logs in as " + role
                        + ", with @Bean(defaultCandidate = false) and @EventStoreSystemDataSource";
        return bean + "; docs/tenancy.md has an example. If other nodes run the subscriptions, set"
                + " eventsourcing.subscriptions.enabled=false. If one login is to do everything, as in development, grant "
                + role + " to '" + actualRole + "'.";
    }

    String action() {
        return action;
    }
}
