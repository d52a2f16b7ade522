package io.eventsourcing.core.command;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Gives stored commands to workers, each to one at a time: what a {@link CommandStorePort} keeps, for all tenants.
 *
 * <p>The commands of a stream are given out one after the other, in the order of their due times and, where these are equal, of their
 * storing; never two at the same time. One that is to be tried again later holds up the later ones of its stream, and no others. A worker holds a command for as
 * long as its lease lasts, by the clock of the store. Thread-safe; errors as for {@link CommandStorePort}.
 */
public interface CommandQueuePort {

    /**
     * Takes commands that are due.
     *
     * @param request how many, and for how long
     * @return the commands, each the first of its stream; those that are due longest first
     */
    List<ClaimedCommand> claim(ClaimRequest request);

    /**
     * Extends leases.
     *
     * @param claims what the worker holds
     * @param lease for how long from now on
     * @return those that it holds still; the others are somebody else's, or over
     */
    Set<Claim> extend(Collection<Claim> claims, Duration lease);

    /**
     * Gives a command back, to be tried again.
     *
     * @param claim the command
     * @param pause when; the later ones of its stream wait as well
     * @param error what it failed with, which is kept until the next attempt
     * @param counts whether that was an attempt; it is none if something was away that the command needs
     * @throws CommandLostException if the worker does not hold it any more
     */
    void retry(Claim claim, Duration pause, String error, boolean counts);

    /**
     * Gives commands back that were not tried, so that other workers may take them at once. Those that the worker does not hold any
     * more are left alone.
     *
     * @param claims the commands
     */
    void release(Collection<Claim> claims);
}
