package io.eventsourcing.core.stream;

/**
 * What an append demands of its stream before it writes. The demand is checked under the stream's lock: of two appends
 * that expect the same version, at most one succeeds.
 */
public sealed interface ExpectedVersion {

    /**
     * Tells whether a stream at {@code actual} meets the demand.
     *
     * @param actual the stream's version; {@link StreamVersion#NONE} if it was never written
     * @return true if the append may write
     */
    boolean isSatisfiedBy(StreamVersion actual);

    /**
     * Demands nothing: appends after whatever is there.
     *
     * @return the demand
     */
    static ExpectedVersion any() {
        return new Any();
    }

    /**
     * Demands that the stream was never written.
     *
     * @return the demand
     */
    static ExpectedVersion noStream() {
        return new NoStream();
    }

    /**
     * Demands that the stream has at least one event.
     *
     * @return the demand
     */
    static ExpectedVersion streamExists() {
        return new StreamExists();
    }

    /**
     * Demands that the stream is at exactly this version, as it was when its state was loaded. Version 0 demands the same
     * as {@link #noStream()}.
     *
     * @param version the version that was loaded
     * @return the demand
     */
    static ExpectedVersion exactly(StreamVersion version) {
        return new Exactly(version);
    }

    /**
     * Demands that the stream is at exactly this version.
     *
     * @param version 0 or more
     * @return the demand
     * @throws IllegalArgumentException if {@code version} is negative
     */
    static ExpectedVersion exactly(long version) {
        return new Exactly(StreamVersion.of(version));
    }

    /** See {@link #any()}. */
    record Any() implements ExpectedVersion {
        @Override
        public boolean isSatisfiedBy(StreamVersion actual) {
            return true;
        }

        @Override
        public String toString() {
            return "any version";
        }
    }

    /** See {@link #noStream()}. */
    record NoStream() implements ExpectedVersion {
        @Override
        public boolean isSatisfiedBy(StreamVersion actual) {
            return actual.equals(StreamVersion.NONE);
        }

        @Override
        public String toString() {
            return "no stream";
        }
    }

    /** See {@link #streamExists()}. */
    record StreamExists() implements ExpectedVersion {
        @Override
        public boolean isSatisfiedBy(StreamVersion actual) {
            return !actual.equals(StreamVersion.NONE);
        }

        @Override
        public String toString() {
            return "an existing stream";
        }
    }

    /**
     * See {@link #exactly(StreamVersion)}.
     *
     * @param version the version demanded
     */
    record Exactly(StreamVersion version) implements ExpectedVersion {
        @Override
        public boolean isSatisfiedBy(StreamVersion actual) {
            return actual.equals(version);
        }

        @Override
        public String toString() {
            return "version " + version;
        }
    }
}
