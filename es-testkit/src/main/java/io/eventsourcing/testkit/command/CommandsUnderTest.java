package io.eventsourcing.testkit.command;

import io.eventsourcing.core.command.Claim;
import io.eventsourcing.core.command.CommandQueuePort;
import io.eventsourcing.core.command.CommandSignals;
import io.eventsourcing.core.command.CommandStorePort;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.snapshot.SnapshotPort;
import java.util.function.Consumer;

/**
 * A command store that the contract suites examine.
 *
 * @param store the commands
 * @param queue the same commands, for workers
 * @param signals of the same commands
 * @param events where their events are appended
 * @param snapshots where snapshots are kept
 * @param expireLease lets the lease of a claim be over now, as if the worker had not extended it in time
 */
public record CommandsUnderTest(
        CommandStorePort store,
        CommandQueuePort queue,
        CommandSignals signals,
        EventStorePort events,
        SnapshotPort snapshots,
        Consumer<Claim> expireLease) {}
