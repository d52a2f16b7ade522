package io.eventsourcing.core.command;

import io.eventsourcing.core.tenant.TenantId;

/**
 * By what a worker holds a command. The token rises each time that the command is taken, so that a worker that was suspended beyond its
 * lease can end nothing any more.
 *
 * @param tenant whose command
 * @param id the command
 * @param token the fencing token
 */
public record Claim(TenantId tenant, CommandId id, long token) {}
