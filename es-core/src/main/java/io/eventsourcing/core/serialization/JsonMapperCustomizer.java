package io.eventsourcing.core.serialization;

import tools.jackson.databind.json.JsonMapper;

/**
 * Extends the mapper that stores events and snapshots: modules, mix-ins, serializers. It is called once, when the
 * {@link EventSerialization} is built; what the store relies on is set after it and wins.
 *
 * <p>The mapper is the library's own: nothing that configures an application's other mappers changes what is stored.
 */
@FunctionalInterface
public interface JsonMapperCustomizer {

    /**
     * Adds to the mapper.
     *
     * @param builder the mapper's builder
     */
    void customize(JsonMapper.Builder builder);
}
