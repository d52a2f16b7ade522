package io.eventsourcing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventsourcing.core.event.AppendResult;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.UserCredentialsDataSourceAdapter;

/** An append of one thread once ran with the login and the settings of another one's connection. */
class SharedCommitsTest {

    static Stream<DataSource> independentOfTheThread() {
        return Stream.of(
                new PGSimpleDataSource(),
                new HikariDataSource(),
                new DriverManagerDataSource(),
                new SingleConnectionDataSource(),
                new DelegatingDataSource(new PGSimpleDataSource()),
                new TransactionAwareDataSourceProxy(new LazyConnectionDataSourceProxy(new PGSimpleDataSource())));
    }

    static Stream<DataSource> perhapsNot() {
        UserCredentialsDataSourceAdapter ofTheThread = new UserCredentialsDataSourceAdapter();
        ofTheThread.setTargetDataSource(new PGSimpleDataSource());
        return Stream.of(
                ofTheThread,
                new DelegatingDataSource(ofTheThread),
                new DelegatingDataSource(new PGSimpleDataSource()) {},
                new PGSimpleDataSource() {},
                new DelegatingDataSource(),
                (DataSource) Proxy.newProxyInstance(
                        DataSource.class.getClassLoader(),
                        new Class<?>[] {DataSource.class},
                        (proxy, method, arguments) -> method.invoke(ofTheThread, arguments)));
    }

    @ParameterizedTest
    @MethodSource("independentOfTheThread")
    void automaticWhereConnectionsDoNotDependOnTheThread(DataSource dataSource) {
        assertThat(SharedCommits.AUTOMATIC.allowedOn(dataSource)).isTrue();
        assertThat(SharedCommits.NEVER.allowedOn(dataSource)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("perhapsNot")
    void notWhereTheyMayUnlessItIsSaid(DataSource dataSource) {
        assertThat(SharedCommits.AUTOMATIC.allowedOn(dataSource)).isFalse();
        assertThat(SharedCommits.ALWAYS.allowedOn(dataSource)).isTrue();
    }

    @Test
    void withoutThemEachAppendHasAConnectionOfItsOwn() {
        GatedDataSource gate = new GatedDataSource(new PGSimpleDataSource());
        ConcurrentAppends appends = new ConcurrentAppends(new PostgresEventStore(gate, Noted.SERIALIZATION));

        List<CompletableFuture<AppendResult>> started = Stream.generate(() -> Noted.to(Noted.newStream()))
                .limit(3)
                .map(appends::start)
                .toList();

        gate.awaitWaiting(3);
        gate.open();
        assertThat(started).hasSize(3);
    }
}
