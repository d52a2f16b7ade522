package io.eventsourcing.postgres;

import io.eventsourcing.core.command.Claim;
import io.eventsourcing.core.command.ClaimRequest;
import io.eventsourcing.core.command.ClaimedCommand;
import io.eventsourcing.core.command.CommandFormat;
import io.eventsourcing.core.command.CommandLostException;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.stream.StreamId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Gives commands of all tenants to workers, and takes them back. */
final class ClaimCommands {

    private static final int CLAIM_PARAMETERS = 9;
    private static final int EXTEND_PARAMETERS = 4;
    private static final int RETRY_PARAMETERS = 6;
    private static final int RELEASE_PARAMETERS = 3;

    /** A thorough look costs the more the more waits. It is only needed where thousands wait behind others of their streams. */
    private static final long LEAST_BETWEEN_THOROUGH_NANOS = 2_000_000_000L;

    /** So it takes a twentieth of the time at most. */
    private static final int LEAST_PART_BETWEEN_THOROUGH = 20;

    private final AtomicLong nextThorough = new AtomicLong(System.nanoTime());
    private final StoreConnection acrossTenants;
    private final CommandRow rows;
    private final String claimSql;
    private final String extendSql;
    private final String retrySql;
    private final String releaseSql;

    ClaimCommands(StoreConnection acrossTenants, SchemaName schema, CommandFormat format) {
        this.acrossTenants = acrossTenants;
        this.rows = new CommandRow(format);
        this.claimSql = schema.call("take_commands", CLAIM_PARAMETERS)
                        .replace("select *", "select (taken.command).*, taken.has_next")
                + " as taken";
        this.extendSql = schema.call("extend_commands", EXTEND_PARAMETERS);
        this.retrySql = schema.callScalar("retry_command", RETRY_PARAMETERS);
        this.releaseSql = schema.callScalar("release_commands", RELEASE_PARAMETERS);
    }

    List<ClaimedCommand> claim(ClaimRequest request) {
        List<ClaimedCommand> claimed = claim(request, false);
        if (!claimed.isEmpty() || request.stream() != null || System.nanoTime() - nextThorough.get() < 0) {
            return claimed;
        }
        long began = System.nanoTime();
        try {
            return claim(request, true);
        } finally {
            long now = System.nanoTime();
            nextThorough.set(now + Math.max(LEAST_BETWEEN_THOROUGH_NANOS, (now - began) * LEAST_PART_BETWEEN_THOROUGH));
        }
    }

    private List<ClaimedCommand> claim(ClaimRequest request, boolean isThorough) {
        StreamId stream = request.stream();
        List<String> types = List.copyOf(request.types().keySet());
        return acrossTenants.run(claimSql, statement -> {
            new Binder(statement)
                    .text(request.worker())
                    .integer(request.limit())
                    .bigint(request.lease().toMillis())
                    .texts(types)
                    .ints(types.stream().map(request.types()::get).toList())
                    .text(stream == null ? null : stream.tenant().value())
                    .text(stream == null ? null : stream.type())
                    .text(stream == null ? null : stream.id())
                    .bool(isThorough);
            List<ClaimedCommand> claimed = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    StoredCommand command = rows.read(row);
                    Claim claim = new Claim(command.stream().tenant(), command.id(), row.getLong("token"));
                    claimed.add(new ClaimedCommand(command, claim, row.getBoolean("has_next")));
                }
            }
            return List.copyOf(claimed);
        });
    }

    Set<Claim> extend(Collection<Claim> claims, Duration lease) {
        List<Claim> inOrder = List.copyOf(claims);
        return acrossTenants.run(extendSql, statement -> {
            bind(new Binder(statement), inOrder).bigint(lease.toMillis());
            Set<Claim> held = new HashSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    held.add(inOrder.get(row.getInt(1) - 1));
                }
            }
            return Set.copyOf(held);
        });
    }

    void retry(Claim claim, Duration pause, String error, boolean counts) {
        boolean isHeld = acrossTenants.run(retrySql, statement -> {
            new Binder(statement)
                    .text(claim.tenant().value())
                    .uuid(claim.id().value())
                    .bigint(claim.token())
                    .bigint(pause.toMillis())
                    .text(ParkedQueues.storable(error))
                    .bool(counts);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        });
        if (!isHeld) {
            throw new CommandLostException(claim);
        }
    }

    void release(Collection<Claim> claims) {
        acrossTenants.run(releaseSql, statement -> {
            bind(new Binder(statement), List.copyOf(claims));
            return statement.execute();
        });
    }

    private static Binder bind(Binder binder, List<Claim> claims) throws SQLException {
        return binder.texts(claims.stream().map(claim -> claim.tenant().value()).toList())
                .uuids(claims.stream().map(claim -> claim.id().value()).toList())
                .bigints(claims.stream().map(Claim::token).toList());
    }
}
