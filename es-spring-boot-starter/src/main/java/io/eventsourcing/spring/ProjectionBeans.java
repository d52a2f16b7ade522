package io.eventsourcing.spring;

import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.serialization.EventTypes;
import io.eventsourcing.core.subscription.EventSubscriber;
import io.eventsourcing.projection.Projection;
import io.eventsourcing.projection.ProjectionConfigurationException;
import io.eventsourcing.projection.ProjectionDefinition;
import io.eventsourcing.projection.ReadModels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Finds the beans with {@link Projection}. What a projection writes are the read models whose updaters were injected into its bean. */
final class ProjectionBeans {

    private final ConfigurableListableBeanFactory beans;
    private final EventTypes events;

    ProjectionBeans(ConfigurableListableBeanFactory beans, EventTypes events) {
        this.beans = beans;
        this.events = events;
    }

    /**
     * All projections of this application.
     *
     * @throws ProjectionConfigurationException if one cannot run, or two have one name, or one bean is a subscriber as well
     */
    List<ProjectionDefinition> all() {
        Map<String, String> beanByName = new TreeMap<>();
        List<ProjectionDefinition> found = new ArrayList<>();
        for (String bean : beans.getBeanNamesForAnnotation(Projection.class)) {
            ProjectionDefinition definition = definition(bean);
            String other = beanByName.putIfAbsent(definition.name(), bean);
            if (other != null) {
                throw new ProjectionConfigurationException("The beans '" + other + "' and '" + bean
                        + "' are both projections of the name '" + definition.name()
                        + "', so that each would miss what the other one handles. The application was not started. Give one of them another"
                        + " name.");
            }
            found.add(definition);
        }
        return found;
    }

    private ProjectionDefinition definition(String bean) {
        Object target = beans.getBean(bean);
        if (beans.findAnnotationOnBean(bean, EventSubscriber.class, false) != null) {
            throw new ProjectionConfigurationException("The bean '" + bean
                    + "' has @Projection and @EventSubscriber, so that it would get events in two ways. The application was not started."
                    + " Remove one of them, or make two beans of it.");
        }
        return ProjectionDefinition.of(target, AopUtils.getTargetClass(target), events, readModels(bean));
    }

    /** Also those that the bean has from its helpers, but not those of another projection. */
    private Set<Class<?>> readModels(String projection) {
        Set<Class<?>> found = new HashSet<>();
        Set<String> seen = new HashSet<>(List.of(projection));
        Deque<String> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            for (String needed : beans.getDependenciesForBean(open.remove())) {
                if (!seen.add(needed) || !beans.containsBean(needed)) {
                    continue;
                }
                if (beans.isTypeMatch(needed, ReadModelUpdaterPort.class)) {
                    found.add(ReadModels.recordOf(beans.getBean(needed, ReadModelUpdaterPort.class)));
                } else if (!isProjection(needed)) {
                    open.add(needed);
                }
            }
        }
        return found;
    }

    private boolean isProjection(String bean) {
        return beans.findAnnotationOnBean(bean, Projection.class, false) != null;
    }
}
