package io.eventsourcing.core.log;

import io.eventsourcing.core.event.Tag;
import io.eventsourcing.core.serialization.StoredEvent;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events of the log are wanted: those that meet every condition. An empty set is no condition.
 *
 * @param tenant the tenant whose events are wanted; null for those of all tenants
 * @param eventTypes names of event types as they are today; an event has one of them
 * @param streamTypes types of streams; an event's stream has one of them
 * @param tags an event has all of them
 * @param includesArchived whether events of archived streams are wanted
 */
public record LogFilter(
        @Nullable TenantId tenant,
        Set<String> eventTypes,
        Set<String> streamTypes,
        Set<Tag> tags,
        boolean includesArchived) {

    /** Every event of every tenant, except those of archived streams. */
    public static final LogFilter ALL = new LogFilter(null, Set.of(), Set.of(), Set.of(), false);

    /** Copies the sets. */
    public LogFilter {
        eventTypes = Set.copyOf(eventTypes);
        streamTypes = Set.copyOf(streamTypes);
        tags = Set.copyOf(tags);
    }

    /**
     * The same for one tenant.
     *
     * @param one the tenant
     * @return the other filter
     */
    public LogFilter ofTenant(TenantId one) {
        Objects.requireNonNull(one, "The tenant of a filter is null. For all tenants, leave the tenant out.");
        return new LogFilter(one, eventTypes, streamTypes, tags, includesArchived);
    }

    /**
     * The same for events of one of these types.
     *
     * @param names names of event types as they are today, after upcasting
     * @return the other filter
     */
    public LogFilter ofTypes(Collection<String> names) {
        return new LogFilter(tenant, Set.copyOf(names), streamTypes, tags, includesArchived);
    }

    /**
     * The same for events of streams of one of these types.
     *
     * @param types types of streams
     * @return the other filter
     */
    public LogFilter ofStreamTypes(Collection<String> types) {
        return new LogFilter(tenant, eventTypes, Set.copyOf(types), tags, includesArchived);
    }

    /**
     * The same for events that have all of these tags.
     *
     * @param all the tags
     * @return the other filter
     */
    public LogFilter withTags(Collection<Tag> all) {
        return new LogFilter(tenant, eventTypes, streamTypes, Set.copyOf(all), includesArchived);
    }

    /**
     * The same with the events of archived streams.
     *
     * @return the other filter
     */
    public LogFilter withArchived() {
        return new LogFilter(tenant, eventTypes, streamTypes, tags, true);
    }

    /**
     * For adapters: whether a stored event may be wanted, whether its stream is archived or not.
     *
     * @param event the event
     * @param storedNames the names under which events of the wanted types are stored; empty for all
     * @return true if it meets every condition
     */
    public boolean accepts(StoredEvent event, Set<String> storedNames) {
        StreamId stream = event.stream();
        List<String> itsTags = event.content().tags();
        return (tenant == null || tenant.equals(stream.tenant()))
                && (storedNames.isEmpty()
                        || storedNames.contains(event.content().payload().type().name()))
                && (streamTypes.isEmpty() || streamTypes.contains(stream.type()))
                && tags.stream().allMatch(tag -> itsTags.contains(tag.toString()));
    }

    /**
     * Whether a type of event is wanted.
     *
     * @param name the name of a type as it is today
     * @return true if it is one of the wanted, or if all are
     */
    public boolean acceptsType(String name) {
        return eventTypes.isEmpty() || eventTypes.contains(name);
    }
}
