package io.eventsourcing.postgres;

import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.subscription.Sequencing;
import io.eventsourcing.core.subscription.SubscriptionMismatchException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes a subscription known, and compares how it is divided with what is in the store. */
final class RegisterSubscription {

    private static final int PARAMETERS = 4;

    private final StoreConnection connection;
    private final String knownSql;
    private final String registerSql;

    RegisterSubscription(StoreConnection connection, SchemaName schema) {
        this.connection = connection;
        this.knownSql = schema.call("subscription_sequencing", 1);
        this.registerSql = schema.call("register_subscription", PARAMETERS);
    }

    void register(String subscription, Sequencing wanted, Supplier<GlobalPosition> start) {
        Sequencing stored = known(subscription).orElseGet(() -> insert(subscription, wanted, start.get()));
        if (!stored.equals(wanted)) {
            throw new SubscriptionMismatchException(subscription, wanted, stored);
        }
    }

    private Optional<Sequencing> known(String subscription) {
        return connection.run(knownSql, statement -> {
            new Binder(statement).text(subscription);
            return sequencing(statement);
        });
    }

    /** Another node may have been faster: then this answers what that one has registered. */
    private Sequencing insert(String subscription, Sequencing wanted, GlobalPosition start) {
        return connection.run(registerSql, statement -> {
            new Binder(statement)
                    .text(subscription)
                    .integer(wanted.segments())
                    .text(wanted.policy())
                    .bigint(start.value());
            return sequencing(statement).orElseThrow();
        });
    }

    private static Optional<Sequencing> sequencing(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? Optional.of(new Sequencing(row.getInt("segments"), row.getString("policy")))
                    : Optional.empty();
        }
    }
}
