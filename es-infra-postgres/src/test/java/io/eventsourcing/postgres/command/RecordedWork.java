package io.eventsourcing.postgres.command;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.log.LogPage;
import io.eventsourcing.core.log.LogQuery;
import io.eventsourcing.postgres.PostgresEventLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * What the log says of the commands.
 *
 * @param events all events, in the order of the log
 */
record RecordedWork(List<RecordedEvent> events) {

    static RecordedWork read(DataSource dataSource) {
        List<RecordedEvent> events = new ArrayList<>();
        for (LogPage page : new PostgresEventLog(dataSource, Worked.SERIALIZATION)
                .readAll(LogQuery.fromTheBeginning().limitedTo(LogQuery.MAX_LIMIT))) {
            events.addAll(page.events());
        }
        return new RecordedWork(events);
    }

    static String name(int number, int part) {
        return number + "." + part;
    }

    static CommandId command(RecordedEvent event) {
        return CommandId.of(event.metadata().causationId());
    }

    static Worked worked(RecordedEvent event) {
        return (Worked) event.payload();
    }

    private static String name(RecordedEvent event) {
        return name(worked(event).number(), worked(event).part());
    }

    Map<CommandId, List<String>> namesByCommand() {
        return events.stream().collect(groupingBy(RecordedWork::command, mapping(RecordedWork::name, toList())));
    }

    Map<String, List<String>> namesByStream() {
        return events.stream().collect(groupingBy(event -> event.stream().id(), mapping(RecordedWork::name, toList())));
    }

    Map<CommandId, List<GlobalPosition>> positionsByCommand() {
        return events.stream().collect(groupingBy(RecordedWork::command, mapping(RecordedEvent::position, toList())));
    }
}
