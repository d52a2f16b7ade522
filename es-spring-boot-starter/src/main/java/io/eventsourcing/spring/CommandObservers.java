package io.eventsourcing.spring;

import io.eventsourcing.core.command.CommandObserver;
import io.eventsourcing.core.command.CommandResult;
import java.time.Duration;
import java.util.List;

/** Tells several observers. */
record CommandObservers(List<CommandObserver> all) implements CommandObserver {

    @Override
    public void handled(String type, CommandResult result, int decided, Duration took) {
        all.forEach(observer -> observer.handled(type, result, decided, took));
    }

    @Override
    public void retried(String type, int attempts) {
        all.forEach(observer -> observer.retried(type, attempts));
    }
}
