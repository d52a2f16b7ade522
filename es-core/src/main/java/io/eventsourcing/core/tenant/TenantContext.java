package io.eventsourcing.core.tenant;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tenant that the current thread works for, within a scope that always ends.
 *
 * <p>A single-tenant application never opens a scope and works for {@link TenantId#DEFAULT}. A multi-tenant one opens a
 * scope where a request or a job starts. Scopes nest; the inner one wins and the outer one is restored at its end. The
 * tenant belongs to the thread: it is not inherited by threads that are started within the scope.
 *
 * <p>Thread-safe. Works on platform and virtual threads.
 */
public final class TenantContext {

    private static final ThreadLocal<@Nullable TenantId> CURRENT = new ThreadLocal<>();

    private TenantContext() {}

    /**
     * The tenant in scope, or {@link TenantId#DEFAULT} outside every scope.
     *
     * @return the tenant that {@code StreamId.of(type, id)} uses
     */
    public static TenantId current() {
        return inScope().orElse(TenantId.DEFAULT);
    }

    /**
     * The tenant in scope, or empty outside every scope: tells "nobody said" from "somebody said default".
     *
     * @return the tenant of the innermost scope
     */
    public static Optional<TenantId> inScope() {
        return Optional.ofNullable(CURRENT.get());
    }

    /**
     * Runs {@code work} for {@code tenant} and then restores the tenant from before, also after an exception.
     *
     * @param tenant who the work is for
     * @param work what to do
     */
    public static void run(TenantId tenant, Runnable work) {
        try (Scope ignored = open(tenant)) {
            work.run();
        }
    }

    /**
     * Calls {@code work} for {@code tenant} and then restores the tenant from before, also after an exception.
     *
     * @param <T> what the work returns
     * @param tenant who the work is for
     * @param work what to do
     * @return what {@code work} returned
     */
    public static <T extends @Nullable Object> T call(TenantId tenant, Supplier<T> work) {
        try (Scope ignored = open(tenant)) {
            return work.get();
        }
    }

    /**
     * Opens a scope for {@code tenant}; close it on the same thread, in the reverse order of opening. For filters and
     * interceptors; elsewhere {@link #run} and {@link #call} cannot be closed wrongly.
     *
     * @param tenant who the scope is for
     * @return the scope, to be closed exactly once
     */
    public static Scope open(TenantId tenant) {
        Objects.requireNonNull(
                tenant, "The tenant of a scope is null. Nothing was done, or it would be done for the default tenant.");
        TenantId previous = CURRENT.get();
        CURRENT.set(tenant);
        return () -> restore(previous);
    }

    private static void restore(@Nullable TenantId previous) {
        if (previous == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(previous);
        }
    }

    /** A scope of one tenant; closing it restores the tenant from before. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
