package io.eventsourcing.core.command;

/** A command that tells itself which stream it is meant for; instead of {@link TargetId}. */
public interface Targeted {

    /**
     * The id of the stream.
     *
     * @return the id
     */
    String targetId();
}
