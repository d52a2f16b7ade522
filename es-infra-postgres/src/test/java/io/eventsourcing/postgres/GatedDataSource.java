package io.eventsourcing.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Lets nobody have a connection before it is opened, so that appends pile up behind the first one. */
final class GatedDataSource extends DelegatingDataSource {

    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();

    GatedDataSource(DataSource target) {
        super(target);
    }

    void open() {
        opened.countDown();
    }

    /** Waits until so many threads wait for a connection; for less time than an append waits for its group. */
    void awaitWaiting(int threads) {
        Awaitility.await().atMost(Duration.ofSeconds(4)).until(() -> waiting.get() == threads);
    }

    @Override
    public Connection getConnection() throws SQLException {
        waiting.incrementAndGet();
        try {
            opened.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException(e);
        } finally {
            waiting.decrementAndGet();
        }
        return super.getConnection();
    }
}
