package io.eventsourcing.testkit.projection;

import io.eventsourcing.core.event.VersionedType;
import io.eventsourcing.core.serialization.TypedPayload;
import io.eventsourcing.core.serialization.Upcaster;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes {@link Scripted} events of older ones. */
final class OldScripts {

    private OldScripts() {}

    /** Adds five, unless the check of what the old event says throws. */
    static Upcaster upcaster(Consumer<String> check) {
        VersionedType scripted = new VersionedType("contract-scripted", 1);
        return Upcaster.split(new VersionedType("contract-old-script", 1), Set.of(scripted), old -> {
            check.accept(old.get("by").asString());
            return List.of(new TypedPayload(scripted, scripted(old.get("key").asString())));
        });
    }

    private static JsonNode scripted(String key) {
        ObjectNode step = JsonNodeFactory.instance
                .objectNode()
                .put("op", "ADD_BLINDLY")
                .put("key", key)
                .put("number", 5);
        ObjectNode script = JsonNodeFactory.instance.objectNode();
        script.putArray("steps").add(step);
        return script;
    }
}
