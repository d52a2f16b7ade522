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

/** Gives commands of all tenants to workers, and takes them back. */
final class ClaimCommands {

    private static final int CLAIM_PARAMETERS = 7;
    private static final int EXTEND_PARAMETERS = 4;
    private static final int RETRY_PARAMETERS = 5;
    private static final int RELEASE_PARAMETERS = 3;

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
        StreamId stream = request.stream();
        return acrossTenants.run(claimSql, statement -> {
            new Binder(statement)
                    .text(request.worker())
                    .integer(request.limit())
                    .bigint(request.lease().toMillis())
                    .texts(List.copyOf(request.types()))
                    .text(stream == null ? null : stream.tenant().value())
                    .text(stream == null ? null : stream.type())
                    .text(stream == null ? null : stream.id());
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

    void retry(Claim claim, Duration pause, String error) {
        boolean isHeld = acrossTenants.run(retrySql, statement -> {
            new Binder(statement)
                    .text(claim.tenant().value())
                    .uuid(claim.id().value())
                    .bigint(claim.token())
                    .bigint(pause.toMillis())
                    .text(ParkedQueues.storable(error));
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
