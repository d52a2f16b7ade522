package io.eventsourcing.postgres.crash;

import io.eventsourcing.core.event.EventId;
import io.eventsourcing.core.event.NewEvent;
import io.eventsourcing.core.event.Tag;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** An event to append; its payload follows from its id, so that an event that was written can be compared. */
record PlannedEvent(UUID id, List<String> tags) {

    static PlannedEvent random(Random random) {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        TreeSet<String> tags = new TreeSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            tags.add("course:" + random.nextInt(10));
        }
        return new PlannedEvent(id, List.copyOf(tags));
    }

    /** Some 36 to 300 characters, and now and then 20,000, which do not fit on a page. */
    String text() {
        int choice = (int) (id.getLeastSignificantBits() & 0x7f);
        return id.toString().repeat(choice == 0 ? 600 : 1 + choice % 8);
    }

    NewEvent toNewEvent() {
        return NewEvent.of(new CrashEvent(text()))
                .withId(new EventId(id))
                .withTags(tags.stream().map(Tag::parse).toArray(Tag[]::new));
    }

    String line() {
        return Stream.concat(Stream.of(id.toString()), tags.stream())
                .reduce((a, b) -> a + "+" + b)
                .orElseThrow();
    }

    static PlannedEvent parse(String line) {
        List<String> parts = List.of(line.split("\\+", -1));
        return new PlannedEvent(UUID.fromString(parts.get(0)), parts.subList(1, parts.size()));
    }
}
