package io.eventsourcing.postgres.crash;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How often a fault is tried, and the seed of all choices: a printed one, or the one of {@code -Des.seed}. */
public final class Chaos {

    private static final long SEED =
            Long.getLong("es.seed", ThreadLocalRandom.current().nextLong());

    private Chaos() {}

    /** A few times, or often with the profile {@code chaos}. */
    public static int times(int reduced, int full) {
        return "full".equals(System.getProperty("es.chaos")) ? full : reduced;
    }

    public static Random random(Class<?> test) {
        report(test.getSimpleName() + ": repeat its choices with -Des.seed=" + SEED);
        return new Random(SEED + test.getName().hashCode());
    }

    public static void report(String figures) {
        System.out.println(figures);
    }

    /** Lets a random time pass, so that the fault comes at any moment of an append. */
    public static void pause(Random random, int atMostMillis) {
        long end = System.nanoTime() + (long) (random.nextDouble() * TimeUnit.MILLISECONDS.toNanos(atMostMillis));
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
