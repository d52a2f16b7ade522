package io.eventsourcing.core.serialization;

import io.eventsourcing.core.IdentifierRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The codecs in their order, and by the names under which stored payloads find them. */
final class PayloadCodecs {

    private static final int MAX_NAME_LENGTH = 64;

    private final Map<String, PayloadCodec> byName = new LinkedHashMap<>();

    PayloadCodecs(List<PayloadCodec> codecs) {
        for (PayloadCodec codec : codecs) {
            String name = IdentifierRules.check("name of a payload codec", codec.name(), MAX_NAME_LENGTH);
            if (byName.putIfAbsent(name, codec) != null) {
                throw new IllegalArgumentException("Two payload codecs have the name '" + name
                        + "'. Stored payloads could not tell which encoded them. Rename one.");
            }
        }
    }

    @Nullable
    PayloadCodec forWriting(PayloadContext context) {
        for (PayloadCodec codec : byName.values()) {
            if (codec.appliesTo(context)) {
                return codec;
            }
        }
        return null;
    }

    @Nullable
    PayloadCodec named(String name) {
        return byName.get(name);
    }

    Set<String> names() {
        return byName.keySet();
    }
}
