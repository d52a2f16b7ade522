package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventStoreSchemaTest {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final DataSource dataSource = postgres.database().dataSource();

    @Test
    void migratesTwiceWithoutEffect() {
        EventStoreSchema schema =
                new EventStoreSchema(dataSource, "twice").migrate().migrate();

        assertThat(schema.validate().name()).isEqualTo("twice");
    }

    @Test
    void severalNodesMigrateAtTheSameTime() {
        List<CompletableFuture<Void>> nodes = Stream.generate(
                        () -> CompletableFuture.runAsync(() -> new EventStoreSchema(dataSource, "crowded").migrate()))
                .limit(4)
                .toList();

        nodes.forEach(CompletableFuture::join);

        new EventStoreSchema(dataSource, "crowded").validate();
    }

    @Test
    void keepsItsHistoryInItsOwnSchema() {
        new EventStoreSchema(dataSource, "own_history").migrate();

        assertThat(Sql.number(dataSource, "select count(*) from own_history.flyway_schema_history where type = 'SQL'"))
                .isEqualTo(SchemaMigrations.FILES.size());
        assertThat(Sql.texts(dataSource, "select to_regclass('public.flyway_schema_history')"))
                .containsOnlyNulls();
    }

    @Test
    void storesOfTwoNamesDoNotMeet() {
        new EventStoreSchema(dataSource, "store_one").migrate();
        new EventStoreSchema(dataSource, "store_two").migrate();
        PostgresEventStore one = new PostgresEventStore(dataSource, Noted.SERIALIZATION, "store_one");
        PostgresEventStore two = new PostgresEventStore(dataSource, Noted.SERIALIZATION, "store_two");
        StreamId stream = Noted.newStream();

        one.append(Noted.to(stream));

        assertThat(one.exists(stream)).isTrue();
        assertThat(two.exists(stream)).isFalse();
    }

    @Test
    void exportedSqlMakesTheSameSchema() {
        new EventStoreSchema(dataSource, "by_flyway").migrate();
        EventStoreSchema byHand = new EventStoreSchema(dataSource, "by_hand");

        Sql.execute(dataSource, byHand.toSql());

        byHand.validate();
        assertThat(definitionOf("by_hand")).isNotEmpty().isEqualTo(definitionOf("by_flyway"));
        StreamId stream = Noted.newStream();
        PostgresEventStore store = new PostgresEventStore(dataSource, Noted.SERIALIZATION, "by_hand");
        store.append(Noted.to(stream));
        assertThat(store.load(stream).toList()).hasSize(1);
    }

    @Test
    void saysSoWhenAnExportedSchemaIsToBeMigrated() {
        EventStoreSchema exported = new EventStoreSchema(dataSource, "exported");
        Sql.execute(dataSource, exported.toSql());

        assertThatExceptionOfType(SchemaMismatchException.class)
                .isThrownBy(exported::migrate)
                .withMessageContainingAll("'exported'", "made by the SQL", "'validate'");
    }

    @Test
    void exportHasEveryMigration() throws IOException, URISyntaxException {
        Path folder = Path.of(EventStoreSchema.class.getResource("migration").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(SchemaMigrations.FILES);
        }
    }

    @Test
    void refusesAMissingSchema() {
        EventStoreSchema missing = new EventStoreSchema(dataSource, "missing");

        assertThatExceptionOfType(SchemaMismatchException.class)
                .isThrownBy(missing::validate)
                .withMessageContainingAll("'missing'", "has no event store", "Migrate it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.12", "0.9", "2.0", "2.5"})
    void refusesASchemaOutsideTheSupportedRange(String version) {
        EventStoreSchema schema = at("outside_" + version.replace('.', '_'), version);

        assertThatExceptionOfType(SchemaMismatchException.class)
                .isThrownBy(schema::validate)
                .withMessageContainingAll("is at version " + version, "from 1.13 on and below 2.0", "not started");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.13", "1.14", "1.42"})
    void acceptsASchemaThatANewerNodeOfARollingDeploymentMigrated(String version) {
        at("inside_" + version.replace('.', '_'), version).validate();
    }

    @Test
    void migratesBesideANewerNode() {
        EventStoreSchema schema = at("newer", "1.99");
        Sql.execute(
                dataSource,
                "insert into newer.flyway_schema_history (installed_rank, version, description, type, script, installed_by,"
                        + " execution_time, success) values (99, '1.99', 'later', 'SQL', 'V1_99__later.sql', 'x', 1, true)");

        schema.migrate();
    }

    @Test
    void saysSoWhenAnotherBuildMadeTheSchema() {
        new EventStoreSchema(dataSource, "other_build").migrate();
        Sql.execute(dataSource, "update other_build.flyway_schema_history set checksum = 1 where version = '1.2'");

        assertThatExceptionOfType(SchemaMismatchException.class)
                .isThrownBy(() -> new EventStoreSchema(dataSource, "other_build").migrate())
                .withMessageContainingAll("other_build", "another build", "not started", "drop the schema");
    }

    @Test
    void saysSoWhenTheRoleMayNotMigrate() {
        Sql.execute(postgres.database().adminDataSource(), "create schema foreign_owned");

        assertThatExceptionOfType(SchemaMismatchException.class)
                .isThrownBy(() -> new EventStoreSchema(dataSource, "foreign_owned").migrate())
                .withMessageContainingAll("'foreign_owned'", "could not be migrated", "toSql()");
    }

    @Test
    void saysSoWhenTheStoreIsUsedWithoutItsSchema() {
        PostgresEventStore store = new PostgresEventStore(dataSource, Noted.SERIALIZATION, "never_migrated");

        assertThatExceptionOfType(EventStoreRefusedException.class)
                .isThrownBy(() -> store.append(Noted.to(Noted.newStream())))
                .withMessageContainingAll("schema of the event store is missing", "EventStoreSchema");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Upper", "with space", "a\"b", "1st", "pg_mine", "information_schema", "public", "a;drop"})
    void refusesANameThatCannotStandInSql(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventStoreSchema(dataSource, name))
                .withMessageContaining("The schema name '" + name + "' cannot be used");
    }

    @Test
    void payloadsAreReadableAsJson() {
        new EventStoreSchema(dataSource, "readable").migrate();
        StreamId stream = Noted.newStream();
        new PostgresEventStore(dataSource, Noted.SERIALIZATION, "readable").append(Noted.to(stream));

        assertThat(Sql.texts(postgres.database().adminDataSource(), "select payload ->> 'text' from readable.event"))
                .containsExactly("text");
    }

    private EventStoreSchema at(String name, String version) {
        EventStoreSchema schema = new EventStoreSchema(dataSource, name).migrate();
        Sql.execute(
                dataSource,
                "create or replace function " + name + ".schema_version() returns text language sql immutable return '"
                        + version + "'");
        return schema;
    }

    /** Every table, column, index, policy and function, without the schema's name. */
    private List<String> definitionOf(String schema) {
        return Sql.texts(dataSource, """
                        select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
                        from information_schema.columns where table_schema = ?
                        union all select indexdef from pg_indexes where schemaname = ?
                        union all select tablename || policyname || coalesce(qual, '') from pg_policies where schemaname = ?
                        union all select pg_get_functiondef(oid) from pg_proc where pronamespace = ?::regnamespace
                        order by 1
                        """, schema, schema, schema, schema).stream()
                .filter(definition -> !definition.contains("flyway_schema_history"))
                .map(definition -> definition.replace(schema, "the_schema"))
                .toList();
    }
}
