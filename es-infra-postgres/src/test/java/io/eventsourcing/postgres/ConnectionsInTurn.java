package io.eventsourcing.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Has the first connection from the first of its DataSources, the second from the second, and all further ones from the last. */
final class ConnectionsInTurn extends DelegatingDataSource {

    private final List<DataSource> turns;
    private final AtomicInteger next = new AtomicInteger();

    ConnectionsInTurn(DataSource... turns) {
        super(turns[turns.length - 1]);
        this.turns = List.of(turns);
    }

    @Override
    public Connection getConnection() throws SQLException {
        return turns.get(Math.min(next.getAndIncrement(), turns.size() - 1)).getConnection();
    }
}
