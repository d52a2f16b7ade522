package io.eventsourcing.testkit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.command.CommandCompletion;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandQuery;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.NewCommand;
import io.eventsourcing.core.command.StoredCommand;
import io.eventsourcing.core.event.EventMetadata;
import io.eventsourcing.core.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Lists of commands, and what is removed from them. */
abstract class ListingRules extends CommandRules {

    ListingRules(Supplier<CommandsUnderTest> opener) {
        super(opener);
    }

    private CommandQuery all() {
        return CommandQuery.all().ofTenant(tenant);
    }

    private List<CommandId> ids(CommandQuery query) {
        return commands.store().list(query).stream().map(StoredCommand::id).toList();
    }

    private NewCommand correlated(NewCommand command, String correlation) {
        return new NewCommand(
                command.id(),
                command.stream(),
                command.payload(),
                EventMetadata.builder().correlationId(correlation).build(),
                command.due());
    }

    @Test
    void eachPropertyNarrowsTheList() {
        NewCommand waiting = saved(correlated(add("a", 1), "c-1"));
        NewCommand ended = correlated(add("b", 1), "c-1");
        complete(ended, null, 0);
        NewCommand rejected = add("a", 2);
        commands.store().complete(new CommandCompletion(rejected, null, Rejection.of("no", "no"), null));
        Instant stored = found(ended).progress().storedAt();

        assertThat(ids(all())).containsExactly(waiting.id(), ended.id(), rejected.id());
        assertThat(ids(all().withStatus(CommandStatus.FAILED))).containsExactly(rejected.id());
        assertThat(ids(all().withStatus(CommandStatus.PENDING))).containsExactly(waiting.id());
        assertThat(ids(all().ofType("contract-add"))).hasSize(3);
        assertThat(ids(all().ofType("contract-close"))).isEmpty();
        assertThat(ids(all().forStream(stream("a")))).containsExactly(waiting.id(), rejected.id());
        assertThat(ids(all().ofCorrelation("c-1"))).containsExactly(waiting.id(), ended.id());
        assertThat(ids(all().ofCorrelation("c-1").withStatus(CommandStatus.PROCESSED)))
                .containsExactly(ended.id());
        assertThat(ids(all().storedBetween(stored, null))).containsExactly(ended.id(), rejected.id());
        assertThat(ids(all().storedBetween(null, stored))).containsExactly(waiting.id());
        assertThat(ids(all().ofTenant(TenantId.of("nobody")))).isEmpty();
    }

    @Test
    void pagesFollowEachOtherWithoutGapsOrRepetitions() {
        List<CommandId> stored = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            stored.add(saved(correlated(add("a-" + i, 1), "c")).id());
        }
        for (CommandQuery query : List.of(all(), all().ofCorrelation("c"))) {
            List<CommandId> read = new ArrayList<>();
            List<CommandId> page = ids(query.limit(10));
            while (!page.isEmpty()) {
                read.addAll(page);
                page = ids(query.limit(10).after(page.get(page.size() - 1)));
            }
            assertThat(read).isEqualTo(stored);
        }
    }

    @Test
    void onlyWhatHasEndedLongAgoIsPurged() {
        NewCommand waiting = saved(add("a", 1));
        NewCommand ended = add("b", 1);
        complete(ended, null, 0);

        while (commands.store().purge(Duration.ofDays(1), 1_000) > 0) {}
        assertThat(ids(all())).containsExactly(waiting.id(), ended.id());
        while (commands.store().purge(Duration.ZERO, 1) > 0) {}
        assertThat(ids(all())).containsExactly(waiting.id());
        assertThatIllegalArgumentException().isThrownBy(() -> commands.store().purge(Duration.ZERO, 0));

        assertThat(complete(ended, null, 1).isSuccess())
                .as("not known any more")
                .isTrue();
        assertThat(events("b")).isEqualTo(2);
    }
}
