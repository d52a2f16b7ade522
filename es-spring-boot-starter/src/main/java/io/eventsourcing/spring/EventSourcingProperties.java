package io.eventsourcing.spring;

import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.postgres.EventStoreSchema;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What can be set under {@code eventsourcing}. Checked when it is bound: a value that cannot be used fails the start, and so
 * does a name that is not known, because a default would act in its place.
 *
 * @param store Where events are kept.
 * @param schema The schema of the event store in PostgreSQL.
 * @param append How events are appended in PostgreSQL.
 * @param serialization How events and snapshots are written.
 */
@ConfigurationProperties(value = "eventsourcing", ignoreUnknownFields = false)
public record EventSourcingProperties(
        @DefaultValue("postgres") Store store,
        @DefaultValue Schema schema,
        @DefaultValue Append append,
        @DefaultValue Serialization serialization) {

    /** Where events are kept. */
    public enum Store {
        /** In the application's PostgreSQL database. */
        POSTGRES,
        /** In memory: they are gone when the application ends. */
        MEMORY
    }

    /** Whether appends that arrive together are written together; see the PostgreSQL adapter's enum of that name. */
    public enum SharedCommits {
        /** Where the DataSource's connections are known not to depend on the thread that asks for them. */
        AUTOMATIC,
        /** Always. */
        ALWAYS,
        /** Never. */
        NEVER
    }

    /** What is done with the schema when the application starts. */
    public enum SchemaMode {
        /** It is created or brought up to date, which needs a role that may do so. */
        MIGRATE,
        /** It is checked and not changed; the start fails if it does not fit. */
        VALIDATE,
        /** Nothing; a schema that does not fit is found when it is used. */
        NONE
    }

    /**
     * The schema of the event store in PostgreSQL.
     *
     * @param name Name of the schema. Two event stores can live in one database under two names.
     * @param mode What is done with the schema when the application starts.
     */
    public record Schema(
            @DefaultValue(EventStoreSchema.DEFAULT_NAME) String name,
            @DefaultValue("migrate") SchemaMode mode) {}

    /**
     * How events are appended in PostgreSQL.
     *
     * @param sharedCommits Whether small appends of one tenant that several threads make at the same time, outside of
     *     transactions, are written together, on the connection of one of them. Automatic: where the connections of the DataSource
     *     are known not to depend on the thread that asks for them.
     */
    public record Append(@DefaultValue("automatic") SharedCommits sharedCommits) {}

    /**
     * How events and snapshots are written.
     *
     * @param maxPayloadSize Largest payload of an event or snapshot that is stored, after encoding; also the limit of an
     *     event's metadata.
     */
    public record Serialization(@DefaultValue("1MB") DataSize maxPayloadSize) {

        /**
         * Checks the size.
         *
         * @throws IllegalArgumentException if it is below one byte or above what an array holds
         */
        public Serialization {
            if (maxPayloadSize.toBytes() < 1) {
                throw new IllegalArgumentException(
                        "eventsourcing.serialization.max-payload-size cannot be less than 1B.");
            }
            if (maxPayloadSize.toBytes() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "eventsourcing.serialization.max-payload-size cannot be more than " + Integer.MAX_VALUE + "B.");
            }
        }

        /** The size as {@link EventSerialization.Builder#maxPayloadBytes} takes it. */
        int maxPayloadBytes() {
            return Math.toIntExact(maxPayloadSize.toBytes());
        }
    }
}
