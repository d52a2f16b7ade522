package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.Upcaster;
import io.eventsourcing.spring.duplicates.TwoOfOneName;
import io.eventsourcing.spring.open.NotSealed;
import io.eventsourcing.spring.shop.ShopApplication;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** What the user reads when the application does not start: the text that Spring Boot prints. */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureTest {

    private static final String NO_DATA_SOURCE_AUTO_CONFIGURATION =
            "--spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration";

    @Test
    void nothingIsConfigured(CapturedOutput output) {
        failsToStart(NeedsAnEventStore.class);
        assertThat(output).contains("""
                        Description:

                        The event store keeps its events in PostgreSQL, but the application's DataSource is not configured: \
                        Failed to determine a suitable driver class.

                        Action:

                        Set spring.datasource.url, spring.datasource.username and spring.datasource.password to those of a \
                        PostgreSQL database, or define a DataSource bean. To try things out without a database, set \
                        eventsourcing.store=memory: its events are gone when the application ends. Together with it, set \
                        spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration, \
                        unless the application needs a DataSource of its own.
                        """);
    }

    @Test
    void memoryIsChosenAndADataSourceIsLeftUnconfigured(CapturedOutput output) {
        failsToStart(NeedsAnEventStore.class, "--eventsourcing.store=memory");
        assertThat(output).contains("""
                        Description:

                        The event store is in memory, but Spring Boot made a DataSource for the application, and that is not \
                        configured: Failed to determine a suitable driver class.

                        Action:

                        If the application needs no database, set \
                        spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration. \
                        Otherwise set spring.datasource.url.
                        """);
    }

    @Test
    void aPropertyIsMisspelt(CapturedOutput output) {
        failsToStart(
                ADataSource.class, "--eventsourcing.schema.mod=none", "--eventsourcing.subscription.enabled=maybe");
        assertThat(output)
                .contains("""
                        There are no such properties of the event store, so that defaults would act in their place. The application \
                        was not started.

                            eventsourcing.schema.mod""", "\n    eventsourcing.subscription.enabled")
                .contains("""
                        Action:

                        Correct their names, or give properties of the application's own another prefix. There are:

                            eventsourcing.append.shared-commits
                            eventsourcing.commands.conflict-attempts
                        """)
                .contains("    eventsourcing.subscriptions.enabled\n")
                .doesNotContain("maybe");
    }

    @Test
    void aMisspeltPropertyOfTheApplicationsOwnIsNoneOfTheEventStores(CapturedOutput output) {
        failsToStart(
                OwnProperties.class,
                "--eventsourcing.store=memory",
                "--shop.name=Fish",
                "--shop.nam=Meat",
                NO_DATA_SOURCE_AUTO_CONFIGURATION);
        assertThat(output).contains("shop.nam").doesNotContain("properties of the event store");
    }

    @Test
    void thereIsNoDataSource(CapturedOutput output) {
        failsToStart(NeedsAnEventStore.class, NO_DATA_SOURCE_AUTO_CONFIGURATION);
        assertThat(output).contains("""
                        Description:

                        The event store keeps its events in PostgreSQL, but the application has no DataSource.

                        Action:

                        Set spring.datasource.url, spring.datasource.username and spring.datasource.password to those of a \
                        PostgreSQL database, or define a DataSource bean. To try things out without a database, set \
                        eventsourcing.store=memory: its events are gone when the application ends.
                        """);
    }

    @Test
    void thereAreSeveralDataSources(CapturedOutput output) {
        failsToStart(TwoDataSources.class);
        assertThat(output).contains("""
                        Description:

                        The event store needs one DataSource, but the application has several and none of them is primary: \
                        orders, reports.

                        Action:

                        Mark the DataSource of the event store with @Primary, or keep the others out of the choice with \
                        @Bean(defaultCandidate = false).
                        """);
    }

    @Test
    void theStoreIsMisspelt(CapturedOutput output) {
        failsToStart(NeedsAnEventStore.class, "--eventsourcing.store=postgress");
        assertThat(output)
                .contains("Failed to bind properties under 'eventsourcing.store'")
                .contains("Value: \"postgress\"")
                .contains("""
                        The following values are valid:

                            MEMORY
                            POSTGRES
                        """);
    }

    @Test
    void theLargestPayloadIsTooSmall(CapturedOutput output) {
        failsToStart(
                NeedsAnEventStore.class,
                "--eventsourcing.store=memory",
                "--eventsourcing.serialization.max-payload-size=0B",
                NO_DATA_SOURCE_AUTO_CONFIGURATION);
        assertThat(output)
                .contains("Reason: java.lang.IllegalArgumentException:"
                        + " eventsourcing.serialization.max-payload-size cannot be less than 1B.");
    }

    @Test
    void theSchemaHasAnImpossibleName(CapturedOutput output) {
        failsToStart(ADataSource.class, "--eventsourcing.schema.name=Event Store");
        assertThat(output)
                .contains("Invalid value 'Event Store' for configuration property 'eventsourcing.schema.name'")
                .contains("The schema name 'Event Store' cannot be used.");
    }

    @Test
    void theDatabaseIsDown(CapturedOutput output) {
        failsToStart(ADataSource.class, "--eventsourcing.schema.mode=validate");
        assertThat(output).contains("""
                        Description:

                        The version of the schema 'eventsourcing' cannot be read. The event store was not started.

                        Reason: Connection refused

                        Action:

                        Check the database and the role.
                        """);
    }

    @Test
    void theDatabaseIsDownWhenTheSchemaIsMigrated(CapturedOutput output) {
        failsToStart(
                NeedsAnEventStore.class,
                "--spring.datasource.url=jdbc:postgresql://localhost:1/none",
                "--spring.datasource.username=any");
        assertThat(output).contains("""
                        Description:

                        The schema 'eventsourcing' could not be migrated, because the database's server was not reached (SQL state \
                        08001). The event store was not started.

                        Reason: Connection refused

                        Action:

                        Check that it runs, and the host and the port in the URL of the DataSource that migrates.
                        """);
    }

    @Test
    void twoEventsHaveOneName(CapturedOutput output) {
        failsToStart(TwoOfOneName.class, "--eventsourcing.store=memory", NO_DATA_SOURCE_AUTO_CONFIGURATION);
        assertThat(output).contains("""
                        Description:

                        Two event classes have the name 'paid': \
                        io.eventsourcing.spring.duplicates.TwoOfOneName$InvoicePaid and \
                        io.eventsourcing.spring.duplicates.TwoOfOneName$OrderPaid. \
                        Stored events of that name could not be told apart.

                        Action:

                        Give one of them another name.
                        """);
    }

    @Test
    void anAnnotatedTypeIsNoEvent(CapturedOutput output) {
        failsToStart(NotSealed.class, "--eventsourcing.store=memory", NO_DATA_SOURCE_AUTO_CONFIGURATION);
        assertThat(output).contains("""
                        Description:

                        The type io.eventsourcing.spring.open.NotSealed$Anything is registered as an event, but it is neither a \
                        concrete class nor sealed, so its events are not known.

                        Action:

                        Seal it, or register its event classes one by one.
                        """);
    }

    @Test
    void anUpcasterIsMissing(CapturedOutput output) {
        failsToStart(DeadEnd.class, "--eventsourcing.store=memory", NO_DATA_SOURCE_AUTO_CONFIGURATION);
        assertThat(output).contains("""
                        Description:

                        The upcaster from type 'shop-shut' version 1 leads to type 'shop-shut' version 2, which is not a \
                        registered type at its current schema version and has no upcaster of its own.

                        Action:

                        Register an upcaster from 'shop-shut' version 2, or correct the target.
                        """);
    }

    @Test
    void twoUpcastersStartFromOneType(CapturedOutput output) {
        failsToStart(Contradiction.class, "--eventsourcing.store=memory", NO_DATA_SOURCE_AUTO_CONFIGURATION);
        assertThat(output)
                .contains("Two upcasters start from type 'article-sold' version 1")
                .contains("""
                        Nothing could tell which to use.

                        Action:

                        Keep one.
                        """);
    }

    private static void failsToStart(Class<?> application, String... arguments) {
        assertThatThrownBy(() -> new SpringApplicationBuilder(application)
                        .web(WebApplicationType.NONE)
                        .run(arguments))
                .isNotNull();
    }

    @Import(ShopApplication.class)
    static class NeedsAnEventStore {

        @Bean
        String user(EventStorePort store) {
            return store.toString();
        }
    }

    @Import(ShopApplication.class)
    static class OwnProperties {

        @Bean
        String shopName(Environment environment) {
            return Binder.get(environment)
                    .bind(
                            "shop",
                            Bindable.of(ShopProperties.class),
                            new NoUnboundElementsBindHandler(BindHandler.DEFAULT, source -> true))
                    .get()
                    .name();
        }
    }

    record ShopProperties(String name) {}

    @Import(NeedsAnEventStore.class)
    static class ADataSource {

        @Bean
        DataSource dataSource() {
            return unreachable();
        }
    }

    @Import(NeedsAnEventStore.class)
    static class TwoDataSources {

        @Bean
        DataSource orders() {
            return unreachable();
        }

        @Bean
        DataSource reports() {
            return unreachable();
        }
    }

    @Import(ShopApplication.class)
    static class DeadEnd {

        @Bean
        Upcaster deadEnd() {
            return Upcaster.next(new VersionedType("shop-shut", 1), json -> json);
        }
    }

    @Import(ShopApplication.class)
    static class Contradiction {

        @Bean
        Upcaster other() {
            return Upcaster.drop(new VersionedType("article-sold", 1));
        }
    }

    private static DataSource unreachable() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL("jdbc:postgresql://localhost:1/none");
        return dataSource;
    }
}
