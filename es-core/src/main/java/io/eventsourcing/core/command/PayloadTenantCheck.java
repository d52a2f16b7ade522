package io.eventsourcing.core.command;

import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.tenant.TenantId;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rejects a command whose record names another tenant than it is sent for, in a component that is a {@link TenantId}, or is text and named
 * {@code tenant} or {@code tenantId}: one of both must be wrong, and nobody knows which.
 */
final class PayloadTenantCheck implements CommandCheck {

    private final Map<Class<?>, RecordComponent[]> components = new ConcurrentHashMap<>();

    @Override
    public Optional<Rejection> check(CommandRequest request) {
        RecordComponent[] naming = components.computeIfAbsent(request.command().getClass(), PayloadTenantCheck::naming);
        for (RecordComponent component : naming) {
            Object named = RecordValues.of(component.getAccessor(), request.command());
            if (named != null
                    && !Objects.toString(named).equals(request.tenant().toString())) {
                return Optional.of(Rejection.of(
                        "other-tenant",
                        "The command names another tenant in its component '" + component.getName()
                                + "' than the one it is sent for."));
            }
        }
        return Optional.empty();
    }

    private static RecordComponent[] naming(Class<?> command) {
        if (!command.isRecord()) {
            return new RecordComponent[0];
        }
        return Arrays.stream(command.getRecordComponents())
                .filter(component -> component.getType() == TenantId.class
                        || (component.getType() == String.class
                                && (component.getName().equals("tenant")
                                        || component.getName().equals("tenantId"))))
                .toArray(RecordComponent[]::new);
    }
}
