package io.eventsourcing.postgres;

import io.eventsourcing.core.event.AppendBatch;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.serialization.EventSerialization;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways of an append: together with others that arrive at the same time, with inline projections, or on its own. */
final class Appends {

    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresEventStore.class);

    private final EventSerialization serialization;
    private final StoreConnection connection;
    private final AppendEvents appendEvents;
    private final AppendUsualEvent appendUsualEvent;
    private final AppendGroup appendGroup;
    private final CallQueue<SerializedAppend, AppendResult> queue = new CallQueue<>("Appends", this::write);
    private final boolean sharesCommits;
    private final InlineHandlers inline;

    Appends(
            DataSource dataSource,
            SchemaName schema,
            EventSerialization serialization,
            SharedCommits sharedCommits,
            InlineHandlers inline) {
        this.inline = inline;
        this.serialization = serialization;
        this.connection = new StoreConnection(dataSource);
        this.appendEvents = new AppendEvents(connection, schema);
        this.appendUsualEvent = new AppendUsualEvent(connection, schema);
        this.appendGroup = new AppendGroup(connection, schema);
        this.sharesCommits = sharedCommits.allowedOn(dataSource);
        if (!sharesCommits && sharedCommits != SharedCommits.NEVER) {
            LOGGER.info(
                    "Appends do not share commits: it is not known whether connections of {} depend on the thread that asks for"
                            + " them. If they do not, give SharedCommits.ALWAYS (eventsourcing.append.shared-commits=always),"
                            + " else NEVER.",
                    dataSource.getClass().getName());
        }
    }

    List<AppendResult> append(AppendBatch batch) {
        List<SerializedAppend> appends = batch.requests().stream()
                .map(request -> SerializedAppend.of(request, serialization))
                .toList();
        if (inline.areConcernedBy(appends)) {
            SqlErrors errors = SqlErrors.ofAppend(
                    appends.stream().map(SerializedAppend::stream).toList());
            return inline.with(batch.tenant(), errors, () -> appendEvents.append(appends), results -> results);
        }
        if (appends.size() == 1 && sharesCommits && appends.get(0).isSmall() && !connection.isInTransaction()) {
            var queued = queue.write(appends.get(0));
            return List.of(queued.resultOr(() -> appendEvents.append(appends).get(0)));
        }
        return appendEvents.append(appends);
    }

    private List<Optional<AppendResult>> write(List<SerializedAppend> group) throws SQLException {
        SerializedAppend first = group.get(0);
        return group.size() == 1 && first.isUsual()
                ? List.of(appendUsualEvent.append(first))
                : appendGroup.append(group);
    }

    boolean sharesCommits() {
        return sharesCommits;
    }
}
