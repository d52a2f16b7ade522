package io.eventsourcing.core.subscription;

import java.time.Duration;

/**
 * How a node takes part in subscriptions.
 *
 * @param nodeName what people call the node; it need not be unique. 1 to 200 characters
 * @param lease for how long it owns its segments after it died; others take them over within four thirds of this. From 300 ms to 10
 *     minutes. It asks again after a third of it, or after 5 seconds
 * @param closeWithin for how long a close waits for handlers; then, a second at most, until the store knows that it has left
 */
public record SubscriptionSettings(String nodeName, Duration lease, Duration closeWithin) {

    private static final Duration SHORTEST = Duration.ofMillis(300);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    public SubscriptionSettings {
        if (nodeName.isBlank() || nodeName.length() > 200) {
            throw new IllegalArgumentException("The name of the node has " + nodeName.length()
                    + " characters. Give 1 to 200, and not only white space.");
        }
        if (lease.compareTo(SHORTEST) < 0 || lease.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("The lease of subscriptions must be from 300 ms to 10 minutes, but is "
                    + lease.toMillis() + " ms.");
        }
        if (closeWithin.isNegative()) {
            throw new IllegalArgumentException(
                    "closeWithin of subscriptions cannot be negative, but is " + closeWithin.toMillis() + " ms.");
        }
    }

    /**
     * A node that is named after its process, and its host where the variable HOSTNAME tells it, with a lease of 3 seconds: others
     * take over within 4 seconds after it died.
     *
     * @return the settings
     */
    public static SubscriptionSettings ofThisProcess() {
        return new SubscriptionSettings(
                host() + "/" + ProcessHandle.current().pid(), Duration.ofSeconds(3), Duration.ofSeconds(10));
    }

    /** Containers are named by this variable, and seldom by the process id, which is 1 in all of them. */
    private static String host() {
        String name = System.getenv("HOSTNAME");
        if (name == null || name.isBlank()) {
            return "process";
        }
        return name.length() > 150 ? name.substring(0, 150) : name;
    }
}
