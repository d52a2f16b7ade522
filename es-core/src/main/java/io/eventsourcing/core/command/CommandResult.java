package io.eventsourcing.core.command;

import io.eventsourcing.core.ErrorText;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.stream.StreamVersion;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What became of a command. */
public sealed interface CommandResult {

    /**
     * Whether it was handled with success.
     *
     * @return true for a {@link Success}
     */
    default boolean isSuccess() {
        return this instanceof Success;
    }

    /**
     * The success, for callers to whom anything else is an error.
     *
     * @return this, if it is one
     * @throws CommandRejectedException if it is a rejection
     * @throws IllegalStateException if it is a failure
     */
    default Success orThrow() {
        if (this instanceof Success success) {
            return success;
        }
        if (this instanceof Rejection rejection) {
            throw new CommandRejectedException(rejection);
        }
        throw new IllegalStateException("The command has failed before, and was not handled now: " + this);
    }

    /**
     * It was handled with success.
     *
     * @param version the version of its stream after its events, or on which a decider decided that there are none; null if a method
     *     handled it
     * @param positions the positions of its events, in order
     * @param value what the handler returned; null if nothing
     */
    record Success(
            @Nullable StreamVersion version,
            List<GlobalPosition> positions,
            @Nullable ResultValue value) implements CommandResult {

        /** Nothing happened, and that is well. */
        public static final Success NOTHING = new Success(null, List.of(), null);

        /** Copies the positions. */
        public Success {
            positions = List.copyOf(positions);
        }

        /**
         * A success that returned this.
         *
         * @param value what the handler returned
         * @return the success, without events
         */
        public static Success of(@Nullable ResultValue value) {
            return value == null ? NOTHING : new Success(null, List.of(), value);
        }

        /**
         * The same success, once its events are appended.
         *
         * @param appended where they are
         * @return the success with version and positions
         */
        public Success with(AppendResult appended) {
            return new Success(appended.version(), appended.positions(), value);
        }
    }

    /**
     * The domain said no, or the command was not even given to it. A result like others: nothing is wrong with the program.
     *
     * @param code what programs go by, such as {@code order-closed}; 1 to 100 characters
     * @param message what people read
     * @param details more by name, such as a message for each property that is not valid
     * @param isRetryable whether the same command may succeed later; then it is not final, and may be sent again under its id
     */
    record Rejection(String code, String message, Map<String, String> details, boolean isRetryable)
            implements CommandResult {

        /** The code of a command that is not valid by its constraints. */
        public static final String INVALID = "invalid";

        /** The code of a command whose actor may not send it. */
        public static final String FORBIDDEN = "forbidden";

        /** Checks the code, cuts the message, and copies the details. */
        public Rejection {
            if (code.isBlank() || code.length() > 100) {
                throw new IllegalArgumentException("The code of a rejection has " + code.length()
                        + " characters. Give 1 to 100, and not only white space.");
            }
            message = ErrorText.storable(Objects.requireNonNull(message, "The message of a rejection is null."));
            details = details.entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            each -> ErrorText.storable(each.getKey()),
                            each -> ErrorText.storable(each.getValue()),
                            (one, other) -> one));
        }

        /**
         * A final rejection without details.
         *
         * @param code what programs go by
         * @param message what people read
         * @return the rejection
         */
        public static Rejection of(String code, String message) {
            return new Rejection(code, message, Map.of(), false);
        }
    }

    /**
     * It could not be handled, or was not to be.
     *
     * @param kind why; never {@link FailureKind#REJECTED}, which is a {@link Rejection}
     * @param message the error, or the reason
     */
    record Failure(FailureKind kind, String message) implements CommandResult {

        /** Checks the kind, and cuts the message. */
        public Failure {
            if (kind == FailureKind.REJECTED) {
                throw new IllegalArgumentException("A failure cannot be a rejection. Use CommandResult.Rejection.");
            }
            message = ErrorText.storable(message);
        }
    }
}
