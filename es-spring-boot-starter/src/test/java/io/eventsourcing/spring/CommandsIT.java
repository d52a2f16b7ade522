package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.command.CommandBus;
import io.eventsourcing.core.command.CommandHandler;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandStatus;
import io.eventsourcing.core.command.CommandStorePort;
import io.eventsourcing.core.command.CommandType;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.spring.CashDesk.OpenShop;
import io.eventsourcing.spring.shop.Shop;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Commands of applications on a real server. */
class CommandsIT {

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    EventSerializationAutoConfiguration.class,
                    EventStoreAutoConfiguration.class,
                    CommandAutoConfiguration.class,
                    CommandWorkerAutoConfiguration.class,
                    SagaAutoConfiguration.class,
                    SubscriptionAutoConfiguration.class))
            .withUserConfiguration(Shop.class, CashDesk.class)
            .withPropertyValues(
                    "spring.datasource.url=" + postgres.database().url(),
                    "spring.datasource.username=" + postgres.database().user(),
                    "spring.datasource.password=" + postgres.database().password());

    private static CommandStatus status(ApplicationContext context, CommandId id) {
        return context.getBean(CommandStorePort.class)
                .find(TenantId.DEFAULT, id)
                .orElseThrow()
                .status();
    }

    private static CommandId schedule(ApplicationContext context, Object command) {
        return context.getBean(CommandBus.class).schedule(command, Duration.ZERO);
    }

    /** Its worker looks each hour, so that only a notification can have told it. */
    @Test
    void aNodeThatServesRequestsIsServedByOneThatWorks() {
        ApplicationContextRunner workerOnly = runner.withPropertyValues("eventsourcing.commands.workers.idle-poll=1h");
        ApplicationContextRunner webOnly = runner.withPropertyValues(
                "eventsourcing.commands.workers.enabled=false", "eventsourcing.subscriptions.enabled=false");
        workerOnly.run(worker -> webOnly.run(web -> {
            for (int i = 0; i < 3; i++) {
                CommandId id = schedule(web, new OpenShop("s-1", "again"));
                await().until(() -> status(web, id) == CommandStatus.PROCESSED);
            }
        }));
    }

    @Test
    void whatIsScheduledInATransactionIsHandledAfterItsCommit() {
        runner.withPropertyValues("eventsourcing.commands.workers.idle-poll=1h").run(context -> {
            TransactionTemplate transaction =
                    new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            CommandId lost = transaction.execute(status -> {
                status.setRollbackOnly();
                return schedule(context, new OpenShop("s-3", "lost"));
            });
            CommandId kept = transaction.execute(status -> schedule(context, new OpenShop("s-4", "kept")));

            await().until(() -> status(context, kept) == CommandStatus.PROCESSED);
            assertThat(context.getBean(CommandStorePort.class).find(TenantId.DEFAULT, lost))
                    .isEmpty();
        });
    }

    @CommandType("count")
    record Count(String what) {}

    static class Counting {

        private final JdbcTemplate jdbc;

        Counting(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
            jdbc.execute("create table if not exists public.counted_commands (what text)");
        }

        @CommandHandler
        void count(Count command) {
            jdbc.update("insert into public.counted_commands values (?)", command.what());
            if (command.what().equals("too much")) {
                throw new CommandRejectedException("too much", "That was too much.");
            }
        }
    }

    @Test
    void whatAMethodWritesIsCommittedWithTheEndOfItsCommand() {
        runner.withBean(Counting.class).run(context -> {
            CommandBus bus = context.getBean(CommandBus.class);
            assertThat(bus.execute(new Count("one")).isSuccess()).isTrue();
            assertThat(bus.execute(new Count("too much")).isSuccess()).isFalse();
            assertThat(context.getBean(JdbcTemplate.class)
                            .queryForList("select what from public.counted_commands", String.class))
                    .containsExactly("one");
        });
    }

    @Test
    void aSagaRunsOnTheDatabase() {
        runner.withBean(CashDesk.Reopening.class).run(context -> {
            context.getBean(CommandBus.class).execute(new OpenShop("s-5", "first"));
            await().until(() -> context.getBean(EventStorePort.class)
                            .load(StreamId.of("shop", "s-5"))
                            .version()
                            .value()
                    == 3);
        });
    }
}
