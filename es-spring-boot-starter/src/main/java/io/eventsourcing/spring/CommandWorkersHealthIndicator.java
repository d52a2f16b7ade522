package io.eventsourcing.spring;

import io.eventsourcing.core.command.JobSchedulerPort;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Down while this node can take no commands. */
final class CommandWorkersHealthIndicator extends AbstractHealthIndicator {

    private final JobSchedulerPort scheduler;

    CommandWorkersHealthIndicator(JobSchedulerPort scheduler) {
        super("The command workers cannot be asked");
        this.scheduler = scheduler;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        String problem = scheduler.problem();
        if (problem == null) {
            builder.up();
        } else {
            builder.down().withDetail("problem", problem);
        }
    }
}
