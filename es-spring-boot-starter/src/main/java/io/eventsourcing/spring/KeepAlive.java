package io.eventsourcing.spring;

import java.util.concurrent.CountDownLatch;

/** Keeps an application running that has nothing but work in the background to do. */
final class KeepAlive {

    /** Keeps nothing. */
    static final KeepAlive NONE = new KeepAlive(new CountDownLatch(0));

    private final CountDownLatch over;

    private KeepAlive(CountDownLatch over) {
        this.over = over;
    }

    /** Keeps the application running until it is ended. */
    static KeepAlive started() {
        KeepAlive started = new KeepAlive(new CountDownLatch(1));
        new Thread(started::run, "eventsourcing-keep-alive").start();
        return started;
    }

    private void run() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void end() {
        over.countDown();
    }
}
