package io.eventsourcing.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;

/**
 * The database roles beside the owner, who migrates: both own nothing and cannot bypass row-level security. They must exist;
 * migrating grants them what they need and nothing else. They can be logins, or roles that logins are members of.
 *
 * @param application appends and loads, one tenant at a time
 * @param system besides that, reads across tenants and keeps checkpoints: what follows the log logs in as this role
 */
public record EventStoreRoles(String application, String system) {

    /** What PostgreSQL keeps of a name, in bytes. */
    private static final int LONGEST = 63;

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException if a name cannot be that of a role, or both are the same
     */
    public EventStoreRoles {
        check("application", application);
        check("system", system);
        if (application.equals(system)) {
            throw new IllegalArgumentException(
                    "The application role and the system role are both '" + system
                            + "', so that the application would read across tenants. Nothing was changed. Name two roles, or none.");
        }
    }

    private static void check(String what, String name) {
        Objects.requireNonNull(name, () -> "The name of the " + what + " role is null. Nothing was changed.");
        if (name.isBlank()
                || name.getBytes(StandardCharsets.UTF_8).length > LONGEST
                || !name.chars().allMatch(c -> Character.isLetterOrDigit(c) || "_-.@".indexOf(c) >= 0)
                || Set.of("public", "none").contains(name)) {
            throw new IllegalArgumentException("The name of the " + what + " role is '" + name
                    + "'. Nothing was changed. Give 1 to " + LONGEST
                    + " letters, digits and _-.@, and neither 'public' nor 'none'.");
        }
    }
}
