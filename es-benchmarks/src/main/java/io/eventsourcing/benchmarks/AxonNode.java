package io.eventsourcing.benchmarks;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.sql.DataSource;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.DataSourceConnectionProvider;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.PostgresTokenTableFactory;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.serialization.json.JacksonSerializer;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Axon's event store on JDBC, with one processor at a time: batches of 500, the token in the transaction of the handlers. */
final class AxonNode implements CatchUp, AutoCloseable {

    private static final int BATCH = 500;
    private static final int SEGMENTS = 4;

    private final DataSource dataSource;
    private final SpringTransactions transactions;
    private final JdbcTokenStore tokens;
    private final EmbeddedEventStore store;
    private final Shown shown = new Shown();
    private final AxonLines lines;
    private final int events;
    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(SEGMENTS + 1);

    /**
     * Creates its tables.
     *
     * @param events how many are in the log that is built from
     */
    AxonNode(DataSource dataSource, int events) {
        this.dataSource = dataSource;
        this.events = events;
        this.lines = new AxonLines(dataSource, shown);
        this.transactions = new SpringTransactions(dataSource);
        JacksonSerializer json = JacksonSerializer.defaultSerializer();
        ConnectionProvider connections =
                new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource));
        JdbcEventStorageEngine engine = JdbcEventStorageEngine.builder()
                .connectionProvider(connections)
                .transactionManager(transactions)
                .eventSerializer(json)
                .snapshotSerializer(json)
                .batchSize(BATCH)
                .build();
        engine.createSchema(PostgresEventTableFactory.INSTANCE);
        this.tokens = JdbcTokenStore.builder()
                .connectionProvider(connections)
                .serializer(json)
                .build();
        tokens.createSchema(PostgresTokenTableFactory.INSTANCE);
        this.store = EmbeddedEventStore.builder().storageEngine(engine).build();
        SqlScript.run(dataSource, "create table axon_line (like line including all)");
    }

    /** Stores one event as a unit of work does. */
    void append(LineChanged event) {
        DefaultUnitOfWork<?> work = DefaultUnitOfWork.startAndGet(null);
        work.attachTransaction(transactions);
        store.publish(List.of(new GenericDomainEventMessage<>("line", event.key(), 0, event)));
        work.commit();
    }

    @Override
    public void reset() {
        SqlScript.run(dataSource, "truncate axon_line", "delete from TokenEntry");
        lines.handled().set(0);
    }

    @Override
    public void run() {
        StreamingEventProcessor processor = pooled(StreamableMessageSource::createTailToken);
        processor.start();
        while (lines.handled().get() < events) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        processor.shutDown();
    }

    /** Where a processor begins. */
    interface Begin extends Function<StreamableMessageSource<TrackedEventMessage<?>>, TrackingToken> {}

    StreamingEventProcessor pooled(Begin begin) {
        return PooledStreamingEventProcessor.builder()
                .name("lines")
                .eventHandlerInvoker(handlers())
                .errorHandler(PropagatingErrorHandler.instance())
                .messageSource(store)
                .tokenStore(tokens)
                .transactionManager(transactions)
                .coordinatorExecutor(executor)
                .workerExecutor(executor)
                .initialSegmentCount(SEGMENTS)
                .initialToken(begin)
                .batchSize(BATCH)
                .build();
    }

    /** One thread, which is woken by appends of the same process. */
    StreamingEventProcessor tracking() {
        return TrackingEventProcessor.builder()
                .name("lines")
                .eventHandlerInvoker(handlers())
                .errorHandler(PropagatingErrorHandler.instance())
                .messageSource(store)
                .tokenStore(tokens)
                .transactionManager(transactions)
                .trackingEventProcessorConfiguration(TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                        .andInitialTrackingToken(StreamableMessageSource::createHeadToken)
                        .andBatchSize(BATCH))
                .build();
    }

    private EventHandlerInvoker handlers() {
        return SimpleEventHandlerInvoker.builder().eventHandlers(lines).build();
    }

    Shown shown() {
        return shown;
    }

    @Override
    public String table() {
        return "axon_line";
    }

    @Override
    public void close() {
        store.shutDown();
        executor.shutdownNow();
    }
}
