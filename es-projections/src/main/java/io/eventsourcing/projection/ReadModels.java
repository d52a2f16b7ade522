package io.eventsourcing.projection;

import io.eventsourcing.core.readmodel.ReadModelConfigurationException;
import io.eventsourcing.core.readmodel.ReadModelPort;
import io.eventsourcing.core.readmodel.ReadModelStorePort;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.readmodel.TenantReadModel;
import io.eventsourcing.core.serialization.JsonValues;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The read models of an application in a store: makes their updaters, for projections, and what reads them, for all others. Thread-safe.
 */
public final class ReadModels {

    private final ReadModelStorePort store;
    private final JsonValues json;
    private final Map<Class<?>, ReadModelType<?>> types = new ConcurrentHashMap<>();
    private final Map<String, ReadModelType<?>> byTable = new ConcurrentHashMap<>();

    /**
     * Knows no read model yet.
     *
     * @param store keeps the rows
     * @param json writes and reads columns of JSON
     */
    public ReadModels(ReadModelStorePort store, JsonValues json) {
        this.store = store;
        this.json = json;
    }

    /**
     * What a {@link io.eventsourcing.core.readmodel.ReadModel} record is in the store.
     *
     * @param recordClass the record
     * @param <T> the record
     * @return its type, always the same
     * @throws ReadModelConfigurationException if it cannot be a read model, or another one has its table
     */
    @SuppressWarnings("unchecked") // it was made of this class
    public <T> ReadModelType<T> type(Class<T> recordClass) {
        return (ReadModelType<T>)
                types.computeIfAbsent(recordClass, unused -> registered(ReadModelType.of(recordClass, json)));
    }

    private ReadModelType<?> registered(ReadModelType<?> made) {
        ReadModelType<?> other = byTable.putIfAbsent(made.table(), made);
        if (other != null) {
            throw new ReadModelConfigurationException(
                    "The read models " + other.recordClass().getName() + " and "
                            + made.recordClass().getName() + " both have the table '" + made.table()
                            + "', so that each would write over the other. It was not started. Give one of them another table.");
        }
        return made;
    }

    /**
     * What writes a read model from the handlers of projections.
     *
     * @param recordClass the record
     * @param <T> the record
     * @return its updater
     * @throws ReadModelConfigurationException if it cannot be a read model, or another one has its table
     */
    public <T> ReadModelUpdaterPort<T> updater(Class<T> recordClass) {
        return new BatchUpdater<>(type(recordClass));
    }

    /**
     * The record of a read model, as its updater tells.
     *
     * @param updater what {@link #updater} has made
     * @return the record
     * @throws IllegalArgumentException if it was made elsewhere
     */
    public static Class<?> recordOf(ReadModelUpdaterPort<?> updater) {
        if (updater instanceof BatchUpdater<?> made) {
            return made.type().recordClass();
        }
        throw new IllegalArgumentException(
                "The updater " + updater.getClass().getName()
                        + " was not made by ReadModels, so that what is written by it is unknown to projections. Make it by ReadModels.updater.");
    }

    /**
     * What reads a read model for the application.
     *
     * @param recordClass the record
     * @param <T> the record
     * @return what reads it
     * @throws ReadModelConfigurationException if it cannot be a read model, or another one has its table
     */
    public <T> ReadModelPort<T> reader(Class<T> recordClass) {
        return new TenantReadModel<>(type(recordClass), store);
    }

    /**
     * What {@link io.eventsourcing.core.readmodel.ReadModel} records are in the store.
     *
     * @param records the records
     * @return their types
     * @throws ReadModelConfigurationException if one cannot be a read model, or another one has its table
     */
    public List<ReadModelType<?>> types(Collection<? extends Class<?>> records) {
        return records.stream().<ReadModelType<?>>map(this::type).toList();
    }

    ReadModelStorePort store() {
        return store;
    }
}
