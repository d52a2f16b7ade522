package io.eventsourcing.spring;

import io.eventsourcing.projection.LiveProjections;
import io.eventsourcing.projection.ProjectionDefinition;
import io.eventsourcing.projection.ProjectionMode;
import io.eventsourcing.projection.Projections;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/**
 * Checks the tables of the application's projections, and runs them, when everything else has started; stops them before anything else
 * stops. As often as the context does.
 */
final class ProjectionLifecycle implements SmartLifecycle {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProjectionLifecycle.class);

    private final ProjectionBeans beans;
    private final ObjectProvider<ReadModelCheck> check;
    private final LiveProjections live;
    private final ObjectProvider<Projections> projections;
    private final boolean isEnabled;
    private KeepAlive keepAlive = KeepAlive.NONE;
    private volatile boolean running;

    ProjectionLifecycle(
            ProjectionBeans beans,
            ObjectProvider<ReadModelCheck> check,
            LiveProjections live,
            ObjectProvider<Projections> projections,
            boolean isEnabled) {
        this.beans = beans;
        this.check = check;
        this.live = live;
        this.projections = projections;
        this.isEnabled = isEnabled;
    }

    @Override
    public void start() {
        List<ProjectionDefinition> found = new ArrayList<>();
        for (ProjectionDefinition each : beans.all()) {
            if (each.mode() == ProjectionMode.LIVE) {
                live.add(each);
            } else {
                found.add(each);
            }
        }
        check.ifAvailable(each -> each.check(found));
        if (found.isEmpty() || !isEnabled) {
            return;
        }
        Projections node = projections.getObject();
        running = true;
        found.forEach(node::start);
        keepAlive = KeepAlive.started();
        LOGGER.info(
                "Runs the projections {}.",
                found.stream().map(ProjectionDefinition::name).toList());
    }

    @Override
    public void stop() {
        keepAlive.end();
        if (running) {
            projections.ifAvailable(Projections::stopAll); // the end of the context closes them
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
