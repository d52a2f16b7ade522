package io.eventsourcing.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** Axon's handler: one upsert for each event, on the connection of the transaction that also moves the token. */
public final class AxonLines {

    private static final String UPSERT = """
            insert into axon_line (tenant, key, number, text) values ('default', ?, ?, ?)
            on conflict (tenant, key) do update set number = excluded.number, text = excluded.text""";

    private final DataSource dataSource;
    private final Shown shown;
    private final AtomicLong handled = new AtomicLong();

    AxonLines(DataSource dataSource, Shown shown) {
        this.dataSource = dataSource;
        this.shown = shown;
    }

    @EventHandler
    void on(LineChanged event) throws SQLException {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            upsert.setString(1, event.key());
            upsert.setInt(2, event.number());
            upsert.setString(3, event.text());
            upsert.executeUpdate();
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
        shown.atCommit(event);
        handled.incrementAndGet();
    }

    AtomicLong handled() {
        return handled;
    }
}
